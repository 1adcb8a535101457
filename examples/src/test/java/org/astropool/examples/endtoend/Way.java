package org.astropool.examples.endtoend;

import org.astropool.transport.mpi.Mpiexec;
import org.jspecify.annotations.Nullable;

/** The ways to run a job that must not make a difference to its results. */
enum Way {
    SERIAL(null, "--pool", "serial"),
    THREADS(null, "--pool", "threads", "--workers", "2"),
    HAZELCAST(null, "--pool", "hazelcast", "--workers", "2"),
    OPEN_MPI(Mpiexec.OPEN_MPI),
    MPICH(Mpiexec.MPICH);

    private final @Nullable Mpiexec mpiexec;
    private final String[] options;

    Way(@Nullable Mpiexec mpiexec, String... options) {
        this.mpiexec = mpiexec;
        this.options = options;
    }

    boolean isMpi() {
        return mpiexec != null;
    }

    /** {@code astropool run}, with three ranks or two threads. */
    Command run(String... arguments) {
        return command("run").and(arguments).and(options);
    }

    /** {@code astropool} with these arguments on one or on three ranks. */
    Command command(String... arguments) {
        return mpiexec == null ? Command.astropool(arguments) : Command.astropool(mpiexec, arguments);
    }
}
