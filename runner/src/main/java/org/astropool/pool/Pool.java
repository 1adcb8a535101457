package org.astropool.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.protocol.UnserializableException;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.scheduler.CallPolicy;
import org.astropool.internal.scheduler.LongestFirst;
import org.astropool.internal.scheduler.UnitOrder;
import org.astropool.internal.worker.WorkerLoop;
import org.astropool.task.BatchFunction;
import org.astropool.task.Broadcast;
import org.astropool.task.ContextFunction;
import org.astropool.task.Outcome;
import org.astropool.task.RandomStreams;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/**
 * A pool of workers that evaluate independent tasks.
 *
 * <p>{@link #open} starts one in this process; {@link #run} also works under {@code mpiexec}, where the program runs on
 * rank 0 alone and the other ranks are workers. Functions and values are serialized on their way, also within one
 * process, so that a program that runs on a laptop runs on a cluster.
 *
 * <p>Thread-safe: calls from several threads share the workers fairly. A task must not call the pool; that throws.
 */
public final class Pool implements AutoCloseable {
    private static final int MAX_CHUNK_TASKS = 16_384;
    private static final int MAX_LOSSES = 3;

    private final PoolSession membership;
    private final Driver driver;
    private final PoolOptions options;
    private final Serialization serialization;
    private final AtomicInteger lastCall = new AtomicInteger();
    private final AtomicInteger lastBroadcast = new AtomicInteger();

    Pool(PoolSession membership, Driver driver, PoolOptions options) {
        this.membership = membership;
        this.driver = driver;
        this.options = options;
        this.serialization = new Serialization(options.classLoader());
    }

    /**
     * Opens a pool of threads of this process, of child processes, or of workers that join over Hazelcast.
     *
     * @throws PoolException with reason ENVIRONMENT when the carrier is unknown or needs a launcher ({@link #run}), or
     *     when the initializer throws
     */
    public static Pool open(PoolOptions options) {
        return PoolSession.openHere(options);
    }

    /** {@link #open(PoolOptions)} with as many threads as processors. */
    public static Pool open() {
        return open(PoolOptions.defaults());
    }

    /**
     * Runs a program with a pool under any launcher. Under {@code mpiexec} every rank calls this in the same order; the
     * program runs on rank 0, and on the others this serves as a worker until the program has ended.
     *
     * @param arguments those of {@code main}
     * @return what the program returned; empty on workers, and when it returned null
     * @throws PoolException with reason ENVIRONMENT before the program starts, or MASTER_FAILED on workers when the
     *     program threw
     * @throws Exception what the program threw, on the master
     */
    public static <T> Optional<T> run(String[] arguments, PoolOptions options, PoolProgram<T> program)
            throws Exception {
        return PoolSession.run(arguments, options, program);
    }

    /** {@link #run(String[], PoolOptions, PoolProgram)} with default options. */
    public static <T> Optional<T> run(String[] arguments, PoolProgram<T> program) throws Exception {
        return run(arguments, PoolOptions.defaults(), program);
    }

    // ---- many tasks ----

    /**
     * Evaluates all inputs.
     *
     * @param inputs each is taken as it is when it is read: an iterator may give the same array again and again
     * @return the results in the order of the inputs; a skipped task gives null. Where the call was stopped
     *     ({@link CallOptions#stop}), a task that was not begun gives null, too, and those behind the last outcome are
     *     missing
     * @throws TasksFailedException when tasks failed, with all failures, after all others were evaluated
     * @throws IllegalArgumentException when the function or an input cannot be serialized, or is too large for a
     *     message of the carrier
     */
    public <A, R> List<@Nullable R> map(TaskFunction<? super A, ? extends R> function, Iterable<? extends A> inputs) {
        return map(function, inputs, CallOptions.defaults());
    }

    /** {@link #map(TaskFunction, Iterable)} with options; {@link CallOptions#ordered} has no effect. */
    public <A, R> List<@Nullable R> map(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> inputs, CallOptions callOptions) {
        return collect(this.<A, R>stream(function, inputs.iterator(), callOptions.ordered(true)));
    }

    /** {@link #map(TaskFunction, Iterable)} for a function that wants to know its context. */
    public <A, R> List<@Nullable R> mapWithContext(
            ContextFunction<? super A, ? extends R> function, Iterable<? extends A> inputs, CallOptions callOptions) {
        return collect(this.<A, R>streamWithContext(function, inputs.iterator(), callOptions.ordered(true)));
    }

    private static <R> List<@Nullable R> collect(Stream<Outcome<R>> outcomes) {
        List<@Nullable R> results = new ArrayList<>();
        List<Outcome.Failed<?>> failures = new ArrayList<>();
        try (outcomes) {
            outcomes.forEachOrdered(outcome -> {
                while (results.size() < outcome.index()) {
                    results.add(null); // its call was stopped before this task began
                }
                results.add(outcome instanceof Outcome.Done<R> done ? done.result() : null);
                if (outcome instanceof Outcome.Failed<R> failed) {
                    failures.add(failed);
                }
            });
        }
        if (!failures.isEmpty()) {
            throw new TasksFailedException(failures, results.size());
        }
        return results;
    }

    /**
     * Evaluates the elements of an iterator of any length, lazily: it is read on the thread that takes the outcomes, a
     * bounded number of elements ahead of it. Closing the stream cancels the rest; a stream that is not taken to its
     * end must be closed.
     *
     * @throws IllegalArgumentException when the function cannot be serialized; taking the outcomes throws it for an
     *     input
     * @throws PoolException from taking the outcomes, when the pool fails or is closed, or the thread is interrupted
     */
    public <A, R> Stream<Outcome<R>> stream(
            TaskFunction<? super A, ? extends R> function, Iterator<? extends A> inputs, CallOptions callOptions) {
        return streamOf(function, inputs, callOptions);
    }

    /** {@link #stream} for a function that wants to know its context. */
    public <A, R> Stream<Outcome<R>> streamWithContext(
            ContextFunction<? super A, ? extends R> function, Iterator<? extends A> inputs, CallOptions callOptions) {
        return streamOf(function, inputs, callOptions);
    }

    private <R> Stream<Outcome<R>> streamOf(Object function, Iterator<?> inputs, CallOptions callOptions) {
        LongToDoubleFunction costs = callOptions.costs();
        if (costs == null) {
            return stream(function, callOptions, 1, -1, UnitOrder.NATURAL, -1, inputs);
        }
        List<@Nullable Object> all = new ArrayList<>();
        inputs.forEachRemaining(input -> all.add(snapshot(input, all.size())));
        UnitOrder order = LongestFirst.of(UnitOrder.NATURAL, all.size(), costs, slots());
        Iterator<?> reordered = IntStream.range(0, all.size())
                .mapToObj(position -> all.get((int) order.unit(position)))
                .iterator();
        return stream(function, callOptions, 1, all.size(), order, all.size(), reordered);
    }

    /**
     * Evaluates the indices 0 to {@code count - 1} in fixed batches of consecutive ones. Nothing but ranges of indices
     * travels, so the function makes its inputs from them.
     *
     * @param batchSize at least 1; the last batch may be shorter
     * @throws IllegalArgumentException when the function cannot be serialized, or a size is out of range
     */
    public <R> Stream<Outcome<R>> batches(
            BatchFunction<Long, ? extends R> function, long count, int batchSize, CallOptions callOptions) {
        if (count < 0 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "count is " + count + " and batch size " + batchSize + "; they must be at least 0 and 1");
        }
        LongToDoubleFunction costs = callOptions.costs();
        BitSet only = callOptions.only();
        if (only != null && (callOptions.ordered() || only.length() > count)) {
            throw new IllegalArgumentException("only() takes tasks below " + count + ", and ordered(false)");
        }
        long units = (count + batchSize - 1) / batchSize;
        UnitOrder order = UnitOrder.NATURAL;
        if (only != null) {
            UnitOrder.Runs selection = UnitOrder.select(only, batchSize);
            order = selection;
            units = selection.units();
        }
        if (costs != null) {
            order = LongestFirst.of(order, units, batch -> costs.applyAsDouble(batch * batchSize), slots());
        }
        return stream(function, callOptions, batchSize, count, order, units, null);
    }

    private <R> Stream<Outcome<R>> stream(
            Object function,
            CallOptions callOptions,
            int batch,
            long total,
            UnitOrder order,
            long units,
            @Nullable Iterator<?> inputs) {
        refuseInsideTask();
        Message.Define definition = define(function, callOptions, batch, inputs == null);
        long wanted = units < 0 ? -1 : Math.min(units * batch, total);
        OutcomeIterator<R> outcomes =
                new OutcomeIterator<>(driver, definition.call(), callOptions, wanted, serialization);
        outcomes.feedFrom(
                inputs == null
                        ? new IndexFeeder(driver, definition.call(), units * batch, batch)
                        : new IteratorFeeder(driver, definition.call(), inputs));
        CallPolicy policy = policy(callOptions, batch, units, order);
        Call call = new Call(definition, total, policy, order, outcomes, callOptions.stop());
        driver.execute(() -> driver.open(call));
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(outcomes, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(outcomes::close);
    }

    private static @Nullable Object snapshot(@Nullable Object input, int task) {
        try {
            return ValueBlock.snapshot(input, false);
        } catch (UnserializableException e) {
            throw new IllegalArgumentException("the input of task " + task + ": " + e.getMessage(), e);
        }
    }

    private Message.Define define(Object function, CallOptions callOptions, int batch, boolean indexed) {
        byte[] serialized = serialize(function);
        int number = lastCall.incrementAndGet();
        Long seed = callOptions.seed();
        Message.Define definition = new Message.Define(
                number,
                batch,
                indexed,
                nanos(callOptions.timeout()),
                seed != null ? seed : RandomStreams.key(options.seed(), number),
                serialized);
        driver.refuseTooLarge("the function with what it captures", serialized.length);
        return definition;
    }

    private static CallPolicy policy(CallOptions callOptions, int batch, long units, UnitOrder order) {
        int chunk = (callOptions.chunkSize() + batch - 1) / batch;
        return new CallPolicy(
                units,
                chunk,
                Math.max(1, MAX_CHUNK_TASKS / batch),
                callOptions.retries(),
                MAX_LOSSES,
                Math.multiplyExact(nanos(callOptions.timeout()), batch),
                order);
    }

    private static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return 0; // 292 years are as good as for ever
        }
    }

    // ---- one task at a time ----

    /**
     * Has one input evaluated; see {@link RemoteFunction#submit}. The function is serialized each time: for many tasks
     * of one function use {@link #function}.
     */
    public <A, R> CompletableFuture<R> submit(TaskFunction<? super A, ? extends R> function, A input) {
        RemoteFunction<A, R> once = function(function, CallOptions.defaults());
        CompletableFuture<R> future = once.submit(input);
        once.close();
        return future;
    }

    /** Sends a function to the workers for tasks that come one by one. Close it when there are no more. */
    public <A, R> RemoteFunction<A, R> function(
            TaskFunction<? super A, ? extends R> function, CallOptions callOptions) {
        return remote(function, callOptions);
    }

    /** The same for a function of batches; each has one task. */
    public <A, R> RemoteFunction<A, R> batchFunction(
            BatchFunction<? super A, ? extends R> function, CallOptions callOptions) {
        return remote(function, callOptions);
    }

    private <A, R> RemoteFunction<A, R> remote(Object function, CallOptions callOptions) {
        refuseInsideTask();
        Message.Define definition = define(function, callOptions, 1, false);
        RemoteFunction<A, R> remote = new RemoteFunction<>(driver, definition.call(), serialization);
        CallPolicy policy = policy(callOptions, 1, -1, UnitOrder.NATURAL);
        Call call = new Call(definition, -1, policy, UnitOrder.NATURAL, remote.sink(), callOptions.stop());
        driver.execute(() -> driver.open(call));
        return remote;
    }

    /** Sends a function to the workers for rounds of tasks with a barrier behind each. Close it after the last. */
    public <A, R> TaskRounds<A, R> rounds(BatchFunction<? super A, ? extends R> function, CallOptions callOptions) {
        refuseInsideTask();
        Message.Define definition = define(function, callOptions, 1, false);
        CallerNumbering numbers = new CallerNumbering();
        TaskRounds<A, R> rounds = new TaskRounds<>(driver, definition.call(), numbers, callOptions, serialization);
        CallPolicy policy = policy(callOptions, 1, -1, numbers);
        Call call = new Call(definition, -1, policy, numbers, rounds.sink(), callOptions.stop());
        driver.execute(() -> driver.open(call));
        return rounds;
    }

    /**
     * This pool as an executor service. Its callables and runnables must be serializable, for instance lambdas cast to
     * {@code Callable<R> & Serializable}, or {@link TaskFunction}s by {@link #submit}. Shutting it down does not close
     * the pool.
     */
    public ExecutorService asExecutorService() {
        return new PoolExecutor(this);
    }

    // ---- workers ----

    /**
     * Sends a value to every worker process once, also to those that join later.
     *
     * @param value is taken as it is now: what becomes of it later changes nothing, also not for
     *     {@link Broadcast#value} here
     * @throws IllegalArgumentException when it cannot be serialized, or is too large for a message of the carrier
     */
    public <T> Broadcast<T> broadcast(T value) {
        return share(driver.pack("the value", value));
    }

    /**
     * As {@link #broadcast(Object)}, but an array of bytes or doubles is not copied: that spares memory and time where
     * it is large. For one that nobody changes as long as the pool is open; if it is changed all the same, workers may
     * get it as it was or as it is, some the one and some the other.
     */
    public <T> Broadcast<T> broadcastUncopied(T value) {
        if (!(value instanceof double[] || value instanceof byte[])) {
            return broadcast(value);
        }
        driver.refuseTooLarge("the value", ValueBlock.snapshotBytes(value));
        try {
            return share(ValueBlock.packSnapshots(List.of(value)));
        } catch (UnserializableException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private <T> Broadcast<T> share(ValueBlock packed) {
        refuseInsideTask();
        int number = lastBroadcast.incrementAndGet();
        driver.execute(() -> driver.share(number, packed));
        return new Broadcast<>(number, new BroadcastValue<>(packed, serialization));
    }

    /** Frees a broadcast value on all workers; functions that use it fail from now on. */
    public void forget(Broadcast<?> broadcast) {
        driver.execute(() -> driver.unshare(broadcast.number()));
    }

    /**
     * Evaluates a function once on every worker process, for instance to look at its environment.
     *
     * @param function gets the worker's number
     * @return the outcomes by worker number, which is their index
     */
    public <R> List<Outcome<R>> onEveryWorker(TaskFunction<Long, ? extends R> function) {
        refuseInsideTask();
        Message.Define definition = define(function, CallOptions.defaults(), 1, true);
        EveryWorker<R> outcomes = new EveryWorker<>(serialization);
        driver.execute(() -> outcomes.expect(driver.onEveryWorker(definition, outcomes)));
        return outcomes.await();
    }

    /** The workers, by number, and what they have done so far. */
    public List<WorkerInfo> workers() {
        return membership.workers();
    }

    /** How many tasks can be evaluated at a time: the evaluation threads of all workers. */
    public int slots() {
        return workers().stream()
                .filter(worker -> !worker.lost())
                .mapToInt(WorkerInfo::threads)
                .sum();
    }

    /** What carries messages, for people, with version: "Open MPI 4.1.4", "threads of this JVM". */
    public String carrier() {
        return membership.carrier();
    }

    /** Whether the loss of a worker costs nothing but its tasks' time: others come in its place, or can. */
    public boolean survivesLostWorkers() {
        return membership.survivesLostWorkers();
    }

    /** The command that makes another machine a worker of this pool; empty where nobody can join. */
    public Optional<String> invitation() {
        return membership.invitation();
    }

    /** Cancels what is under way and ends the workers. Takes less than 2 s. Idempotent. */
    @Override
    public void close() {
        close("");
    }

    /** @param failure why the program on the master failed; workers are told */
    void close(String failure) {
        membership.close(failure);
    }

    static void refuseInsideTask() {
        if (WorkerLoop.isEvaluationThread()) {
            throw new IllegalStateException(
                    "a task must not call the pool: its slot would wait for itself. Return the work to the master, and"
                            + " have it call the pool");
        }
    }

    private static byte[] serialize(Object function) {
        try {
            return Serialization.write(function);
        } catch (UnserializableException e) {
            throw new IllegalArgumentException("the function: " + e.getMessage(), e);
        }
    }
}
