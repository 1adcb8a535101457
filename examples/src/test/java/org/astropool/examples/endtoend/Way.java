package org.astropool.examples.endtoend;

import java.util.List;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.astropool.internal.transport.mpj.Mpjrun;
import org.jspecify.annotations.Nullable;

/** The ways to run a job that must not make a difference to its results. */
enum Way {
    SERIAL(null, null, "--pool", "serial"),
    THREADS(null, null, "--pool", "threads", "--workers", "2"),
    HAZELCAST(null, null, "--pool", "hazelcast", "--workers", "2"),
    OPEN_MPI(Mpiexec.OPEN_MPI, null),
    MPICH(Mpiexec.MPICH, null),
    MPJ_MULTICORE(null, Mpjrun.MULTICORE),
    MPJ_CLUSTER(null, Mpjrun.CLUSTER);

    private final @Nullable Mpiexec mpiexec;
    private final @Nullable Mpjrun mpjrun;
    private final String[] options;

    Way(@Nullable Mpiexec mpiexec, @Nullable Mpjrun mpjrun, String... options) {
        this.mpiexec = mpiexec;
        this.mpjrun = mpjrun;
        this.options = options;
    }

    boolean hasRanks() {
        return mpiexec != null || mpjrun != null;
    }

    /** Options that choose this way, for commands without ranks. */
    String[] options() {
        return options.clone();
    }

    /** @param here the name of this host */
    String host(String here) {
        return mpjrun == Mpjrun.CLUSTER ? "localhost" : here; // a name that it gives itself
    }

    /** {@code astropool run}, with three ranks or two threads. */
    Command run(String... arguments) {
        return command("run").and(arguments).and(options);
    }

    /** {@code astropool} with these arguments on one or on three ranks. */
    Command command(String... arguments) {
        if (mpjrun != null) {
            return Command.of(mpjrun.requireInstalled().line(List.of(arguments)));
        }
        return mpiexec == null ? Command.astropool(arguments) : Command.astropool(mpiexec, arguments);
    }
}
