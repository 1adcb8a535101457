package org.astropool.pool;

import java.util.Objects;

/**
 * How the workers of a pool are started and reached.
 *
 * <p>A value, not an enum, since other jars may contain further carriers, for which {@link #of} is used. Immutable.
 *
 * @param name the name in options and messages, in lower case
 */
public record CarrierKind(String name) {
    /** {@link #MPI} or {@link #MPJ} under their launchers, else {@link #THREADS}. */
    public static final CarrierKind AUTO = new CarrierKind("auto");

    /** One thread of this JVM. */
    public static final CarrierKind SERIAL = new CarrierKind("serial");

    /** Threads of this JVM. */
    public static final CarrierKind THREADS = new CarrierKind("threads");

    /** Child JVMs of this JVM, on the same machine. */
    public static final CarrierKind PROCESSES = new CarrierKind("processes");

    /** Ranks of Open MPI or MPICH, which {@code mpiexec} or {@code srun} has started. */
    public static final CarrierKind MPI = new CarrierKind("mpi");

    /** Ranks of MPJ Express, which {@code astropool-mpjrun} has started. */
    public static final CarrierKind MPJ = new CarrierKind("mpj");

    /** Processes that join and leave over Hazelcast at any time. */
    public static final CarrierKind HAZELCAST = new CarrierKind("hazelcast");

    /** @throws NullPointerException when the name is null */
    public CarrierKind {
        Objects.requireNonNull(name);
    }

    /**
     * The carrier with a name. Whether it exists is checked when the pool is opened.
     *
     * @param name for instance "threads"
     */
    public static CarrierKind of(String name) {
        return new CarrierKind(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
