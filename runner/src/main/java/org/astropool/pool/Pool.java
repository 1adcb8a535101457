package org.astropool.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.astropool.task.BatchFunction;
import org.astropool.task.Broadcast;
import org.astropool.task.ContextFunction;
import org.astropool.task.Model;
import org.astropool.task.Outcome;
import org.astropool.task.OutputValues;
import org.astropool.task.Points;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/**
 * A pool of workers that evaluate independent tasks.
 *
 * <p>{@link #open} starts one in this process; {@link #run} also works under {@code mpiexec}, where the program runs on
 * rank 0 only and the other ranks are workers. Functions and values are serialized even within one process, so that a
 * program that runs on a laptop also runs on a cluster.
 *
 * <p>Thread-safe: calls from several threads share the workers fairly. A task must not call the pool; that throws an
 * {@link IllegalStateException}.
 */
public interface Pool extends AutoCloseable {

    /**
     * Opens a pool of threads of this process, of child processes, or of workers that join over Hazelcast.
     *
     * @throws PoolException with reason ENVIRONMENT when the carrier is unknown or needs a launcher ({@link #run}), or
     *     when the initializer throws
     */
    static Pool open(PoolOptions options) {
        return PoolEngine.instance().open(options);
    }

    /** {@link #open(PoolOptions)} with as many threads as processors. */
    static Pool open() {
        return open(PoolOptions.defaults());
    }

    /**
     * Runs a program with a pool under any launcher. Under {@code mpiexec} every rank calls this in the same order; the
     * program runs on rank 0, and the other ranks are workers until the program has ended.
     *
     * @param arguments those of {@code main}
     * @return what the program returned; empty on workers, and when it returned null
     * @throws PoolException with reason ENVIRONMENT before the program starts, or MASTER_FAILED on workers when the
     *     program threw
     * @throws Exception what the program threw, on the master
     */
    static <T> Optional<T> run(String[] arguments, PoolOptions options, PoolProgram<T> program) throws Exception {
        return PoolEngine.instance().run(arguments, options, program);
    }

    /** {@link #run(String[], PoolOptions, PoolProgram)} with default options. */
    static <T> Optional<T> run(String[] arguments, PoolProgram<T> program) throws Exception {
        return run(arguments, PoolOptions.defaults(), program);
    }

    // ---- many tasks ----

    /**
     * Evaluates all inputs.
     *
     * @param inputs each is copied when it is read: an iterator may return the same array several times
     * @return the results in the order of the inputs; null for a skipped task. If the call was cancelled
     *     ({@link CallOptions#cancellation}), also null for a task that was not started, and tasks after the last
     *     outcome are missing
     * @throws TasksFailedException when tasks failed, after all others were evaluated; with all failures and the
     *     results of the others
     * @throws IllegalArgumentException when the function or an input cannot be serialized, or is too large for a
     *     message of the carrier
     * @throws PoolException when the pool fails or is closed, or the thread is interrupted
     */
    default <A, R> List<@Nullable R> map(TaskFunction<? super A, ? extends R> function, Iterable<? extends A> inputs) {
        return map(function, inputs, CallOptions.defaults());
    }

    /** {@link #map(TaskFunction, Iterable)} with options; {@link CallOptions#ordered} has no effect. */
    default <A, R> List<@Nullable R> map(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> inputs, CallOptions options) {
        CallOptions inOrder = options.toBuilder().ordered(true).build();
        return collect(this.<A, R>stream(function, inputs.iterator(), inOrder));
    }

    /** {@link #map(TaskFunction, Iterable)} for a function that uses its context. */
    default <A, R> List<@Nullable R> mapWithContext(
            ContextFunction<? super A, ? extends R> function, Iterable<? extends A> inputs, CallOptions options) {
        CallOptions inOrder = options.toBuilder().ordered(true).build();
        return collect(this.<A, R>streamWithContext(function, inputs.iterator(), inOrder));
    }

    private static <R> List<@Nullable R> collect(Stream<Outcome<R>> outcomes) {
        List<@Nullable R> results = new ArrayList<>();
        List<Outcome.Failed<?>> failures = new ArrayList<>();
        try (outcomes) {
            outcomes.forEachOrdered(outcome -> {
                while (results.size() < outcome.index()) {
                    results.add(null); // the call was cancelled before this task was started
                }
                results.add(outcome instanceof Outcome.Done<R> done ? done.result() : null);
                if (outcome instanceof Outcome.Failed<R> failed) {
                    failures.add(failed);
                }
            });
        }
        if (!failures.isEmpty()) {
            throw new TasksFailedException(failures, results);
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
    <A, R> Stream<Outcome<R>> stream(
            TaskFunction<? super A, ? extends R> function, Iterator<? extends A> inputs, CallOptions options);

    /** {@link #stream} for a function that uses its context. */
    <A, R> Stream<Outcome<R>> streamWithContext(
            ContextFunction<? super A, ? extends R> function, Iterator<? extends A> inputs, CallOptions options);

    /**
     * Evaluates the indices 0 to {@code count - 1} in fixed batches of consecutive ones. Only ranges of indices are
     * sent, from which the function derives its inputs.
     *
     * @param batchSize at least 1; the last batch may be shorter
     * @throws IllegalArgumentException when the function cannot be serialized, or a size is out of range
     */
    <R> Stream<Outcome<R>> batches(
            BatchFunction<Long, ? extends R> function, long count, int batchSize, CallOptions options);

    /**
     * Evaluates a model at points, for instance those of a {@link org.astropool.task.Grid}. Only indices travel to the
     * workers, which create the model from its class. The index of an outcome is that of its point.
     *
     * @param model a public class with a public constructor without parameters
     * @param modelOptions String, Long, Double or Boolean by name, see {@link Model#options}
     * @param points with a value for each parameter of the model
     * @throws IllegalArgumentException when the model cannot be created, or has other options or parameters
     */
    Stream<Outcome<OutputValues>> evaluate(
            Class<? extends Model> model, Map<String, ?> modelOptions, Points points, CallOptions options);

    /**
     * Combines all inputs into one result, as {@link Stream#reduce(Object, java.util.function.BiFunction,
     * BinaryOperator)} does. Workers accumulate blocks of consecutive inputs, each from a copy of the identity, so that
     * only one intermediate result per block reaches this process, where they are combined from the first to the last.
     * The blocks depend on the inputs and {@code blockSize} alone, so the result is the same, to the last bit, on any
     * number of workers.
     *
     * @param identity from which each block begins
     * @param accumulator adds an input; runs on the workers
     * @param combiner combines the intermediate results of two neighbouring parts; runs on the calling thread
     * @param blockSize inputs per block, at least 1. A block is one task for timeouts, retries and failures
     * @return the identity when there are no inputs
     * @throws TasksFailedException when blocks failed, after all others were evaluated; their index is that of the
     *     block
     * @throws java.util.concurrent.CancellationException when the call was cancelled ({@link CallOptions#cancellation})
     * @throws IllegalArgumentException as for {@link #map(TaskFunction, Iterable)}
     */
    default <A, U> U reduce(
            Iterable<? extends A> inputs,
            U identity,
            Accumulator<U, A> accumulator,
            BinaryOperator<U> combiner,
            int blockSize,
            CallOptions options) {
        return BlockFold.reduce(this, inputs, identity, accumulator, combiner, blockSize, options);
    }

    /**
     * {@link #reduce(Iterable, Object, Accumulator, BinaryOperator, int, CallOptions)} with blocks whose size is the
     * square root of the number of inputs, rounded up.
     */
    default <A, U> U reduce(
            Collection<? extends A> inputs, U identity, Accumulator<U, A> accumulator, BinaryOperator<U> combiner) {
        int blockSize = Math.max(1, (int) Math.ceil(Math.sqrt(inputs.size())));
        return reduce(inputs, identity, accumulator, combiner, blockSize, CallOptions.defaults());
    }

    // ---- one task at a time ----

    /**
     * Evaluates one input; see {@link RemoteFunction#submit}. The function is serialized each time: for many tasks of
     * one function use {@link #function}.
     */
    default <A, R> CompletableFuture<R> submit(TaskFunction<? super A, ? extends R> function, A input) {
        return submit(function, input, CallOptions.defaults());
    }

    /** {@link #submit(TaskFunction, Object)} with options, as for {@link #function}. */
    default <A, R> CompletableFuture<R> submit(
            TaskFunction<? super A, ? extends R> function, A input, CallOptions options) {
        try (RemoteFunction<A, R> once = function(function, options)) {
            return once.submit(input);
        }
    }

    /**
     * {@link #submit(TaskFunction, Object)} for a function that uses its context, for instance to see that its future
     * was cancelled.
     */
    default <A, R> CompletableFuture<R> submitWithContext(
            ContextFunction<? super A, ? extends R> function, A input, CallOptions options) {
        try (RemoteFunction<A, R> once = functionWithContext(function, options)) {
            return once.submit(input);
        }
    }

    /**
     * Sends a function to the workers for tasks that are submitted one by one. Close it after the last task.
     *
     * @param options without {@link CallOptions#progress}, {@link CallOptions#journal}, {@link CallOptions#costs} and
     *     {@link CallOptions#only}, which are for calls whose tasks are known
     * @throws IllegalArgumentException when the function cannot be serialized, or an option does not apply
     */
    <A, R> RemoteFunction<A, R> function(TaskFunction<? super A, ? extends R> function, CallOptions options);

    /** {@link #function} for a function that uses its context. */
    <A, R> RemoteFunction<A, R> functionWithContext(
            ContextFunction<? super A, ? extends R> function, CallOptions options);

    /** {@link #function} for a function of batches; each has one task. */
    <A, R> RemoteFunction<A, R> batchFunction(BatchFunction<? super A, ? extends R> function, CallOptions options);

    /**
     * Sends a function to the workers for rounds of tasks with a barrier after each. Close it after the last.
     *
     * @throws IllegalArgumentException when the function cannot be serialized
     */
    <A, R> TaskRounds<A, R> rounds(BatchFunction<? super A, ? extends R> function, CallOptions options);

    /**
     * This pool as an executor service. Its callables and runnables must be serializable; lambdas that are given to the
     * methods of {@link PoolExecutorService} are. Shutting it down does not close the pool.
     */
    default PoolExecutorService asExecutorService() {
        return asExecutorService(CallOptions.defaults());
    }

    /**
     * {@link #asExecutorService()} with options for its tasks, for instance a timeout.
     *
     * @throws IllegalArgumentException when an option does not apply, as for {@link #function}
     */
    PoolExecutorService asExecutorService(CallOptions options);

    // ---- workers ----

    /**
     * Sends a value to every worker process once, including those that join later.
     *
     * @param value is copied now: later changes have no effect, not even on {@link Broadcast#value} in this process
     * @throws IllegalArgumentException when it cannot be serialized, or is too large for a message of the carrier
     */
    <T> Broadcast<T> broadcast(T value);

    /**
     * As {@link #broadcast(Object)}, but an array of bytes or doubles is not copied: that saves memory and time for a
     * large array. The array must not change while the pool is open; if it does, workers may get the old or the new
     * values.
     *
     * @throws IllegalArgumentException as {@link #broadcast(Object)}
     */
    <T> Broadcast<T> broadcastUncopied(T value);

    /** Frees a broadcast value on all workers; functions that use it fail from now on. */
    void forget(Broadcast<?> broadcast);

    /**
     * Evaluates a function once on every worker process, for instance to look at its environment.
     *
     * @param function receives the worker's number
     * @return the outcomes by worker number, which is their index
     */
    <R> List<Outcome<R>> onEveryWorker(TaskFunction<Long, ? extends R> function);

    /** The workers, by number, with what they have evaluated so far. */
    List<WorkerInfo> workers();

    /** How many tasks can be evaluated at a time: the evaluation threads of all workers. */
    default int slots() {
        return workers().stream()
                .filter(worker -> !worker.lost())
                .mapToInt(WorkerInfo::threads)
                .sum();
    }

    /** A description of the carrier, with its version: "Open MPI 4.1.4", "threads of this process". */
    String carrier();

    /** Whether the pool continues after the loss of a worker, because others replace it or can join. */
    boolean survivesLostWorkers();

    /** The command that makes another machine a worker of this pool; empty if none can join. */
    Optional<String> invitation();

    /** Cancels all calls and ends the workers. Takes less than 2 s. Idempotent. */
    @Override
    void close();
}
