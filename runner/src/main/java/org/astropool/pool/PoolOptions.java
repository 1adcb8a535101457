package org.astropool.pool;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/** The options of a pool. Immutable and thread-safe; created by a {@link Builder}. */
public final class PoolOptions {

    /** Whether the process of the master also evaluates tasks. */
    public enum MasterEvaluates {
        /** If it has a thread in addition to its communication thread, or is the only process. */
        AUTO,
        /** On all threads of the master's process. */
        YES,
        /** The master only distributes tasks. */
        NO
    }

    private static final long SMALLEST_HEAP = 16 << 20;
    private static final Set<String> OF_THE_POOL = Set.of(
            "-cp",
            "-classpath",
            "--class-path",
            "-p",
            "--module-path",
            "-m",
            "--module",
            "-jar",
            "--source",
            "--version",
            "-version",
            "-showversion",
            "--show-version",
            "-help",
            "--help",
            "-h",
            "-?",
            "-X",
            "--dry-run");
    private static final Set<String> WITH_VALUE = Set.of(
            "--add-modules",
            "--add-reads",
            "--add-exports",
            "--add-opens",
            "--patch-module",
            "--limit-modules",
            "--upgrade-module-path",
            "--enable-native-access");

    private static final PoolOptions DEFAULTS = builder().build();

    private final Builder values;

    private PoolOptions(Builder values) {
        this.values = values;
    }

    /** The default options: {@link CarrierKind#AUTO}, one thread per processor, seed 0. */
    public static PoolOptions defaults() {
        return DEFAULTS;
    }

    /** A builder with the {@link #defaults}. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder with these options, which do not change. */
    public Builder toBuilder() {
        return new Builder(values);
    }

    /** How the workers are started and reached. */
    public CarrierKind carrier() {
        return values.carrier;
    }

    /** Number of workers that the pool starts itself; 0: one for each processor. */
    public int workers() {
        return values.workers;
    }

    /** Evaluation threads in each worker process; 0: its share of the processors that it may use. */
    public int threads() {
        return values.threads;
    }

    /** How many processors a task uses by itself; at least 1. */
    public int coresPerTask() {
        return values.coresPerTask;
    }

    /** Whether the process of the master also evaluates tasks. */
    public MasterEvaluates masterEvaluates() {
        return values.masterEvaluates;
    }

    /** Whether tasks are evaluated in child processes of the workers. */
    public boolean isolated() {
        return values.isolated;
    }

    /** The seed from which calls derive theirs. */
    public long seed() {
        return values.seed;
    }

    /**
     * The loader of the classes of functions and values: the given one, else the context class loader of the calling
     * thread, else the loader of this class. Unless one is given, the classes of a function come first from the loader
     * that defined the function.
     */
    public ClassLoader classLoader() {
        if (values.classLoader != null) {
            return values.classLoader;
        }
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? PoolOptions.class.getClassLoader() : context;
    }

    /** Whether {@link Builder#classLoader} was called. */
    public boolean hasClassLoader() {
        return values.classLoader != null;
    }

    /** The function that runs once in each worker process before its first task. */
    public Optional<TaskFunction<Long, ?>> initializer() {
        return Optional.ofNullable(values.initializer);
    }

    /** How long the workers may take to report. */
    public Duration startTimeout() {
        return values.startTimeout;
    }

    /** How long a worker may be silent before it is considered lost. */
    public Duration lease() {
        return values.lease;
    }

    /** The consumer of the lines that worker processes print. */
    public Consumer<String> workerOutput() {
        return values.workerOutput;
    }

    /** The heap limit of each JVM that evaluates tasks and is started by the pool, in bytes; 0: a share. */
    public long workerHeap() {
        return values.workerHeap;
    }

    /** Further options of the JVMs that evaluate tasks and are started by the pool. */
    public List<String> workerJvmArguments() {
        return values.workerJvmArguments;
    }

    /** The listener for events of workers and tasks. */
    public PoolListener listener() {
        return values.listener;
    }

    /** How workers join a pool of carrier {@link CarrierKind#HAZELCAST}. */
    public JoinOptions joining() {
        return values.joining;
    }

    /** Creates {@link PoolOptions}. Not thread-safe. */
    public static final class Builder {
        private CarrierKind carrier = CarrierKind.AUTO;
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
        private long workerHeap;
        private List<String> workerJvmArguments = List.of();
        private PoolListener listener = PoolListener.NONE;
        private JoinOptions joining = JoinOptions.defaults();

        private Builder() {}

        private Builder(Builder other) {
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
            workerHeap = other.workerHeap;
            workerJvmArguments = other.workerJvmArguments;
            listener = other.listener;
            joining = other.joining;
        }

        /** Returns the current options; this builder can still be used. */
        public PoolOptions build() {
            return new PoolOptions(new Builder(this));
        }

        /**
         * How the workers are started and reached; default {@link CarrierKind#AUTO}. Opening the pool fails if it does
         * not exist.
         */
        public Builder carrier(CarrierKind kind) {
            carrier = Objects.requireNonNull(kind);
            return this;
        }

        /**
         * Number of workers that the pool starts itself (threads, for {@link CarrierKind#THREADS}); default 0: one for
         * each processor.
         *
         * @throws IllegalArgumentException below 0
         */
        public Builder workers(int count) {
            checkCount("workers", count);
            workers = count;
            return this;
        }

        /**
         * Evaluation threads in each worker process; default 0: its share of the processors that it may use.
         *
         * @throws IllegalArgumentException below 0
         */
        public Builder threads(int count) {
            checkCount("threads", count);
            threads = count;
            return this;
        }

        /**
         * How many processors a task uses by itself; default 1. If the number of threads is automatic, there is one
         * thread for this many processors.
         *
         * @throws IllegalArgumentException below 1
         */
        public Builder coresPerTask(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("cores per task " + count + " is below 1");
            }
            coresPerTask = count;
            return this;
        }

        /** Whether the process of the master also evaluates tasks; default {@link MasterEvaluates#AUTO}. */
        public Builder masterEvaluates(MasterEvaluates whether) {
            masterEvaluates = Objects.requireNonNull(whether);
            return this;
        }

        /**
         * Whether tasks are evaluated in child processes of the workers, so that code that crashes or exhausts the
         * memory does not end a worker; default false. The tasks of {@link CarrierKind#THREADS} and
         * {@link CarrierKind#SERIAL} then run in {@link CarrierKind#PROCESSES}.
         */
        public Builder isolated(boolean inProcesses) {
            isolated = inProcesses;
            return this;
        }

        /** The seed from which calls derive theirs; default 0. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * The loader of the classes of functions and values. Default: the loader that defined the function, then the
         * context class loader of the thread that opens the pool.
         */
        public Builder classLoader(ClassLoader loader) {
            classLoader = Objects.requireNonNull(loader);
            return this;
        }

        /**
         * Runs once in each worker process, with the worker's number, before its first task; when it throws, opening
         * the pool fails. Default: nothing.
         */
        public Builder initializer(TaskFunction<Long, ?> function) {
            initializer = Objects.requireNonNull(function);
            return this;
        }

        /** How long the workers may take to report; default 60 s. */
        public Builder startTimeout(Duration limit) {
            startTimeout = Objects.requireNonNull(limit);
            return this;
        }

        /**
         * A worker that is silent for this long is lost, and other workers evaluate its tasks; default 10 s. It must be
         * longer than pauses, for instance of a garbage collection or of a node that swaps.
         *
         * @throws IllegalArgumentException below 100 ms
         */
        public Builder lease(Duration silence) {
            if (silence.toMillis() < 100) {
                throw new IllegalArgumentException("a lease of " + silence + " is below 100 ms");
            }
            lease = silence;
            return this;
        }

        /**
         * Receives each line that worker processes started by the pool print, and messages about workers that join and
         * leave; called by threads of the pool. Default: the lines are discarded.
         */
        public Builder workerOutput(Consumer<String> lines) {
            workerOutput = Objects.requireNonNull(lines);
            return this;
        }

        /**
         * The heap limit of each JVM that the pool starts for tasks: those of {@link CarrierKind#PROCESSES}, of
         * {@link #isolated}, and the {@link #workers} of {@link CarrierKind#HAZELCAST}. Default 0: the limit of this
         * JVM divided by their number.
         *
         * @throws IllegalArgumentException below 0, or above 0 and below 16 MiB
         */
        public Builder workerHeap(long bytes) {
            if (bytes != 0 && bytes < SMALLEST_HEAP) {
                throw new IllegalArgumentException(
                        "a worker heap of " + bytes + " bytes is below " + SMALLEST_HEAP + " (0: automatic)");
            }
            workerHeap = bytes;
            return this;
        }

        /**
         * Further options of the JVMs of {@link #workerHeap}, for instance {@code -XX:+UseParallelGC} or
         * {@code -Dname=value}; default: none. They override what the pool sets and what those JVMs inherit from this
         * one (its {@code -D}, {@code --add-opens} and similar options, its class path and its modules).
         *
         * @throws IllegalArgumentException for an argument that is not an option of the JVM in one word, or that would
         *     replace the program or its classes
         */
        public Builder workerJvmArguments(List<String> arguments) {
            arguments.forEach(Builder::checkJvmArgument);
            workerJvmArguments = List.copyOf(arguments);
            return this;
        }

        private static void checkJvmArgument(String argument) {
            if (OF_THE_POOL.stream().anyMatch(option -> argument.equals(option) || argument.startsWith(option + "="))) {
                throw new IllegalArgumentException("the worker JVM argument " + argument
                        + " would replace the program of the worker or its classes, which are those of this JVM;"
                        + " add jars with the class path of this JVM or with classLoader(...)");
            }
            if (!argument.startsWith("-") || WITH_VALUE.contains(argument)) {
                throw new IllegalArgumentException("the worker JVM argument \"" + argument
                        + "\" is no option in one word; write for instance --add-opens=MODULE/PACKAGE=TARGET");
            }
        }

        /** The listener for workers that join and are lost, and for tasks that fail; default: none. */
        public Builder listener(PoolListener to) {
            listener = Objects.requireNonNull(to);
            return this;
        }

        /** How workers join a pool of carrier {@link CarrierKind#HAZELCAST}. */
        public Builder joining(JoinOptions how) {
            joining = Objects.requireNonNull(how);
            return this;
        }

        private static void checkCount(String what, int count) {
            if (count < 0) {
                throw new IllegalArgumentException(what + " " + count + " is below 0 (0: automatic)");
            }
        }
    }
}
