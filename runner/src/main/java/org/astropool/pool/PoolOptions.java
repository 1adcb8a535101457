package org.astropool.pool;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
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

    private static final PoolOptions DEFAULTS = new PoolOptions();

    private String carrier = "auto";
    private int workers;
    private int threads;
    private int coresPerTask = 1;
    private MasterEvaluates masterEvaluates = MasterEvaluates.AUTO;
    private boolean isolated;
    private long seed;
    private @Nullable ClassLoader classLoader;
    private @Nullable TaskFunction<Long, ?> initializer;
    private Duration startTimeout = Duration.ofSeconds(60);
    private Duration lease = Duration.ofSeconds(10);
    private Consumer<String> workerOutput = line -> {};
    private JoinOptions joining = JoinOptions.defaults();

    private PoolOptions() {}

    private PoolOptions(PoolOptions other) {
        carrier = other.carrier;
        workers = other.workers;
        threads = other.threads;
        coresPerTask = other.coresPerTask;
        masterEvaluates = other.masterEvaluates;
        isolated = other.isolated;
        seed = other.seed;
        classLoader = other.classLoader;
        initializer = other.initializer;
        startTimeout = other.startTimeout;
        lease = other.lease;
        workerOutput = other.workerOutput;
        joining = other.joining;
    }

    private PoolOptions with(Consumer<PoolOptions> change) {
        PoolOptions copy = new PoolOptions(this);
        change.accept(copy);
        return copy;
    }

    /** Carrier "auto", as many threads as processors, seed 0. */
    public static PoolOptions defaults() {
        return DEFAULTS;
    }

    /**
     * "auto" (under an MPI launcher "mpi", else "threads"), "serial" (one thread), "threads", "processes" (child JVMs
     * of this one), "mpi", or "hazelcast" (workers that come and go).
     *
     * @param name an unknown one is refused when the pool is opened
     */
    public PoolOptions carrier(String name) {
        Objects.requireNonNull(name);
        return with(copy -> copy.carrier = name);
    }

    /** Number of workers where the pool starts them itself (threads, for "threads"); 0 for one a processor. */
    public PoolOptions workers(int count) {
        checkCount("workers", count);
        return with(copy -> copy.workers = count);
    }

    /** Evaluation threads in each worker process; 0 for its share of the processors that it may use. */
    public PoolOptions threads(int count) {
        checkCount("threads", count);
        return with(copy -> copy.threads = count);
    }

    /**
     * How many processors a task uses by itself; where the number of threads is automatic, there is one for so many.
     *
     * @throws IllegalArgumentException below 1
     */
    public PoolOptions coresPerTask(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("cores per task " + count + " is below 1");
        }
        return with(copy -> copy.coresPerTask = count);
    }

    public PoolOptions masterEvaluates(MasterEvaluates whether) {
        return with(copy -> copy.masterEvaluates = whether);
    }

    /**
     * Whether tasks are evaluated in child processes of the workers, so that code that crashes or exhausts the memory
     * ends none of them. The tasks of "threads" and "serial" then run in "processes".
     */
    public PoolOptions isolated(boolean inProcesses) {
        return with(copy -> copy.isolated = inProcesses);
    }

    /** The seed from which calls derive theirs. */
    public PoolOptions seed(long value) {
        return with(copy -> copy.seed = value);
    }

    /** Where the classes of functions and values are; default: the context class loader of the thread that opens. */
    public PoolOptions classLoader(ClassLoader loader) {
        return with(copy -> copy.classLoader = loader);
    }

    /**
     * Runs once in each worker process, with the worker's number, before its first task; when it throws, opening fails.
     */
    public PoolOptions initializer(TaskFunction<Long, ?> function) {
        return with(copy -> copy.initializer = function);
    }

    /** How long the workers may take to report; default 60 s. */
    public PoolOptions startTimeout(Duration limit) {
        return with(copy -> copy.startTimeout = limit);
    }

    /**
     * A worker that gives no sign of life for this long is lost, and its tasks are evaluated elsewhere; default 10 s.
     * It has to outlast pauses: of a garbage collection, of a node that swaps.
     *
     * @throws IllegalArgumentException below 100 ms
     */
    public PoolOptions lease(Duration silence) {
        if (silence.toMillis() < 100) {
            throw new IllegalArgumentException("a lease of " + silence + " is below 100 ms");
        }
        return with(copy -> copy.lease = silence);
    }

    /**
     * Takes each line that worker processes started by the pool print, and who joins and leaves; called by threads of
     * the pool. Default: dropped.
     */
    public PoolOptions workerOutput(Consumer<String> lines) {
        return with(copy -> copy.workerOutput = lines);
    }

    /** How workers join a pool of carrier "hazelcast". */
    public PoolOptions joining(JoinOptions how) {
        return with(copy -> copy.joining = how);
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

    int coresPerTask() {
        return coresPerTask;
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

    public boolean isolated() {
        return isolated;
    }

    Duration lease() {
        return lease;
    }

    Consumer<String> workerOutput() {
        return workerOutput;
    }

    JoinOptions joining() {
        return joining;
    }
}
