package org.astropool.pool;

import java.time.Duration;
import java.util.Objects;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/** How a pool is to be opened. Immutable; the methods give changed copies. */
public final class PoolOptions {

    /** Whether the master's own process evaluates tasks, too. */
    public enum MasterEvaluates {
        /** When it has a thread to spare beside its communication thread, or is alone. */
        AUTO,
        YES,
        NO
    }

    private static final PoolOptions DEFAULTS =
            new PoolOptions("auto", 0, 0, MasterEvaluates.AUTO, 0, null, null, Duration.ofSeconds(60));

    private final String carrier;
    private final int workers;
    private final int threads;
    private final MasterEvaluates masterEvaluates;
    private final long seed;
    private final @Nullable ClassLoader classLoader;
    private final @Nullable TaskFunction<Long, ?> initializer;
    private final Duration startTimeout;

    private PoolOptions(
            String carrier,
            int workers,
            int threads,
            MasterEvaluates masterEvaluates,
            long seed,
            @Nullable ClassLoader classLoader,
            @Nullable TaskFunction<Long, ?> initializer,
            Duration startTimeout) {
        this.carrier = carrier;
        this.workers = workers;
        this.threads = threads;
        this.masterEvaluates = masterEvaluates;
        this.seed = seed;
        this.classLoader = classLoader;
        this.initializer = initializer;
        this.startTimeout = startTimeout;
    }

    /** Carrier "auto", as many threads as processors, seed 0. */
    public static PoolOptions defaults() {
        return DEFAULTS;
    }

    /**
     * "auto" (under an MPI launcher "mpi", else "threads"), "serial" (one thread), "threads", or "mpi".
     *
     * @param name an unknown one is refused when the pool is opened
     */
    public PoolOptions carrier(String name) {
        return new PoolOptions(
                Objects.requireNonNull(name),
                workers,
                threads,
                masterEvaluates,
                seed,
                classLoader,
                initializer,
                startTimeout);
    }

    /** Number of workers where the pool starts them itself (threads, for "threads"); 0 for one a processor. */
    public PoolOptions workers(int count) {
        checkCount("workers", count);
        return new PoolOptions(carrier, count, threads, masterEvaluates, seed, classLoader, initializer, startTimeout);
    }

    /** Evaluation threads in each worker process; 0 for its share of the processors that it may use. */
    public PoolOptions threads(int count) {
        checkCount("threads", count);
        return new PoolOptions(carrier, workers, count, masterEvaluates, seed, classLoader, initializer, startTimeout);
    }

    public PoolOptions masterEvaluates(MasterEvaluates whether) {
        return new PoolOptions(carrier, workers, threads, whether, seed, classLoader, initializer, startTimeout);
    }

    /** The seed from which calls derive theirs. */
    public PoolOptions seed(long value) {
        return new PoolOptions(
                carrier, workers, threads, masterEvaluates, value, classLoader, initializer, startTimeout);
    }

    /** Where the classes of functions and values are; default: the context class loader of the thread that opens. */
    public PoolOptions classLoader(ClassLoader loader) {
        return new PoolOptions(carrier, workers, threads, masterEvaluates, seed, loader, initializer, startTimeout);
    }

    /** Runs once in each worker process, with the worker's number, before its first task; when it throws, opening fails. */
    public PoolOptions initializer(TaskFunction<Long, ?> function) {
        return new PoolOptions(carrier, workers, threads, masterEvaluates, seed, classLoader, function, startTimeout);
    }

    /** How long the workers may take to report; default 60 s. */
    public PoolOptions startTimeout(Duration limit) {
        return new PoolOptions(carrier, workers, threads, masterEvaluates, seed, classLoader, initializer, limit);
    }

    private static void checkCount(String what, int count) {
        if (count < 0) {
            throw new IllegalArgumentException(what + " " + count + " is below 0 (0: automatic)");
        }
    }

    public String carrier() {
        return carrier;
    }

    public int workers() {
        return workers;
    }

    public int threads() {
        return threads;
    }

    public MasterEvaluates masterEvaluates() {
        return masterEvaluates;
    }

    public long seed() {
        return seed;
    }

    ClassLoader classLoader() {
        if (classLoader != null) {
            return classLoader;
        }
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? PoolOptions.class.getClassLoader() : context;
    }

    @Nullable
    TaskFunction<Long, ?> initializer() {
        return initializer;
    }

    Duration startTimeout() {
        return startTimeout;
    }
}
