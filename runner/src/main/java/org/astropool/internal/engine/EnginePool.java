package org.astropool.internal.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.astropool.internal.activity.PoolActivity;
import org.astropool.internal.model.EvaluatedElsewhere;
import org.astropool.internal.model.GridModel;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.protocol.UnserializableException;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.scheduler.CallPolicy;
import org.astropool.internal.scheduler.CallerNumbering;
import org.astropool.internal.scheduler.LongestFirst;
import org.astropool.internal.scheduler.UnitOrder;
import org.astropool.internal.worker.PoolClasses;
import org.astropool.internal.worker.WorkerLoop;
import org.astropool.pool.CallOptions;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolExecutorService;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.RemoteFunction;
import org.astropool.pool.TaskRounds;
import org.astropool.pool.WorkerInfo;
import org.astropool.task.BatchFunction;
import org.astropool.task.Broadcast;
import org.astropool.task.ContextFunction;
import org.astropool.task.Model;
import org.astropool.task.Outcome;
import org.astropool.task.OutputValues;
import org.astropool.task.Points;
import org.astropool.task.RandomStreams;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/** A pool whose workers are those of a {@link PoolSession}, and whose calls a {@link Driver} evaluates. */
final class EnginePool implements Pool {
    private static final int MAX_CHUNK_TASKS = 16_384;
    private static final int MAX_LOSSES = 3;
    private static final String ONE_BY_ONE = "tasks that are submitted one by one; use map, stream, batches or rounds";

    private final PoolSession session;
    private final Driver driver;
    private final PoolOptions options;
    private final PoolClasses classes;
    private final Serialization serialization;
    /** By the number of their class loader. */
    private final Map<Integer, Serialization> serializations = new ConcurrentHashMap<>();

    private final AtomicInteger lastCall = new AtomicInteger();
    private final AtomicInteger lastBroadcast = new AtomicInteger();

    EnginePool(PoolSession session, Driver driver, PoolClasses classes, PoolOptions options) {
        this.session = session;
        this.driver = driver;
        this.options = options;
        this.classes = classes;
        this.serialization = new Serialization(classes.of(0));
    }

    // ---- many tasks ----

    @Override
    public <A, R> Stream<Outcome<R>> stream(
            TaskFunction<? super A, ? extends R> function, Iterator<? extends A> inputs, CallOptions callOptions) {
        return streamOf(function, inputs, callOptions);
    }

    @Override
    public <A, R> Stream<Outcome<R>> streamWithContext(
            ContextFunction<? super A, ? extends R> function, Iterator<? extends A> inputs, CallOptions callOptions) {
        return streamOf(function, inputs, callOptions);
    }

    private <R> Stream<Outcome<R>> streamOf(Object function, Iterator<?> inputs, CallOptions callOptions) {
        refuse(callOptions.only().isPresent(), "only", "a stream of inputs; use batches");
        LongToDoubleFunction costs = callOptions.costs().orElse(null);
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

    @Override
    public <R> Stream<Outcome<R>> batches(
            BatchFunction<Long, ? extends R> function, long count, int batchSize, CallOptions callOptions) {
        if (count < 0 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "count is " + count + " and batch size " + batchSize + "; they must be at least 0 and 1");
        }
        LongToDoubleFunction costs = callOptions.costs().orElse(null);
        BitSet only = callOptions.only().orElse(null);
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

    @Override
    public Stream<Outcome<OutputValues>> evaluate(
            Class<? extends Model> model, Map<String, ?> modelOptions, Points points, CallOptions callOptions) {
        GridModel grid = new GridModel(model, modelOptions, points);
        return this.<Object>batches(grid.function(), points.size(), grid.batchSize(), callOptions)
                .map(outcome -> {
                    if (outcome instanceof Outcome.Done<Object> done) {
                        Object result = Objects.requireNonNull(done.result(), "a model gives numbers or bytes");
                        return new Outcome.Done<>(done.index(), done.execution(), grid.values(result));
                    }
                    return outcome instanceof Outcome.Failed<Object> failed
                            ? new Outcome.Failed<>(failed.index(), failed.execution(), failed.failure())
                            : new Outcome.Skipped<>(
                                    outcome.index(), outcome.execution(), ((Outcome.Skipped<Object>) outcome).reason());
                });
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
        Message.Define definition = define(function, callOptions, batch, inputs == null, false);
        long wanted = units < 0 ? -1 : Math.min(units * batch, total);
        OutcomeIterator<R> outcomes =
                new OutcomeIterator<>(driver, definition.call(), callOptions, wanted, serialization(definition));
        outcomes.feedFrom(
                inputs == null
                        ? new IndexFeeder(driver, definition.call(), units * batch, batch)
                        : new IteratorFeeder(driver, definition.call(), inputs));
        CallPolicy policy = policy(callOptions, batch, units, order);
        Call call = new Call(
                definition,
                total,
                policy,
                order,
                outcomes,
                callOptions.cancellation().orElse(null));
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

    private Message.Define define(
            Object function, CallOptions callOptions, int batch, boolean indexed, boolean exceptions) {
        Set<ClassLoader> loaders = new LinkedHashSet<>();
        byte[] serialized = serialize(function, loaders);
        int number = lastCall.incrementAndGet();
        Message.Define definition = new Message.Define(
                number,
                batch,
                indexed,
                exceptions,
                EvaluatedElsewhere.holdsFor(function),
                nanos(callOptions.timeout()),
                callOptions.seed().orElseGet(() -> RandomStreams.key(options.seed(), number)),
                classes.numberFor(loaders),
                serialized);
        driver.refuseTooLarge("the function with what it captures", serialized.length);
        return definition;
    }

    /** With the classes of the function. */
    private Serialization serialization(Message.Define definition) {
        return serializations.computeIfAbsent(
                definition.classes(), number -> number == 0 ? serialization : new Serialization(classes.of(number)));
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

    @Override
    public <A, R> RemoteFunction<A, R> function(
            TaskFunction<? super A, ? extends R> function, CallOptions callOptions) {
        return remote(function, callOptions);
    }

    @Override
    public <A, R> RemoteFunction<A, R> batchFunction(
            BatchFunction<? super A, ? extends R> function, CallOptions callOptions) {
        return remote(function, callOptions);
    }

    @Override
    public <A, R> RemoteFunction<A, R> functionWithContext(
            ContextFunction<? super A, ? extends R> function, CallOptions callOptions) {
        return remote(function, callOptions);
    }

    private <A, R> EngineFunction<A, R> remote(Object function, CallOptions callOptions) {
        refuseInsideTask();
        refuse(callOptions.hasProgress(), "progress", ONE_BY_ONE);
        refuse(callOptions.journal().isPresent(), "journal", ONE_BY_ONE);
        refuse(callOptions.costs().isPresent(), "costs", ONE_BY_ONE);
        refuse(callOptions.only().isPresent(), "only", ONE_BY_ONE);
        Message.Define definition = define(function, callOptions, 1, false, true);
        EngineFunction<A, R> remote = new EngineFunction<>(driver, definition.call(), serialization(definition));
        CallPolicy policy = policy(callOptions, 1, -1, UnitOrder.NATURAL);
        Call call = new Call(
                definition,
                -1,
                policy,
                UnitOrder.NATURAL,
                remote.sink(),
                callOptions.cancellation().orElse(null));
        driver.execute(() -> driver.open(call));
        return remote;
    }

    @Override
    public <A, R> TaskRounds<A, R> rounds(BatchFunction<? super A, ? extends R> function, CallOptions callOptions) {
        refuseInsideTask();
        refuse(callOptions.only().isPresent(), "only", "rounds of tasks; use batches");
        Message.Define definition = define(function, callOptions, 1, false, false);
        CallerNumbering numbers = new CallerNumbering();
        EngineRounds<A, R> rounds =
                new EngineRounds<>(driver, definition.call(), numbers, callOptions, serialization(definition));
        CallPolicy policy = policy(callOptions, 1, -1, numbers);
        Call call = new Call(
                definition,
                -1,
                policy,
                numbers,
                rounds.sink(),
                callOptions.cancellation().orElse(null));
        driver.execute(() -> driver.open(call));
        return rounds;
    }

    @Override
    public PoolExecutorService asExecutorService(CallOptions callOptions) {
        return new PoolExecutor(remote(PoolExecutor.CALL, callOptions), classes);
    }

    private static void refuse(boolean isSet, String option, String call) {
        if (isSet) {
            throw new IllegalArgumentException("the option " + option + " does not apply to " + call);
        }
    }

    // ---- workers ----

    @Override
    public <T> Broadcast<T> broadcast(T value) {
        classes.see(value);
        return share(driver.pack("the value", value));
    }

    @Override
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

    @Override
    public void forget(Broadcast<?> broadcast) {
        driver.execute(() -> driver.unshare(broadcast.number()));
    }

    @Override
    public <R> List<Outcome<R>> onEveryWorker(TaskFunction<Long, ? extends R> function) {
        refuseInsideTask();
        Message.Define definition = define(function, CallOptions.defaults(), 1, true, false);
        EveryWorker<R> outcomes = new EveryWorker<>(serialization(definition));
        driver.execute(() -> outcomes.expect(driver.onEveryWorker(definition, outcomes)));
        return outcomes.await();
    }

    @Override
    public List<WorkerInfo> workers() {
        return session.workers();
    }

    PoolActivity activity() {
        return session.activity();
    }

    @Override
    public String carrier() {
        return session.carrier();
    }

    @Override
    public boolean survivesLostWorkers() {
        return session.survivesLostWorkers();
    }

    @Override
    public Optional<String> invitation() {
        return session.invitation();
    }

    /** Cancels what is under way and ends the workers. Takes less than 2 s. Idempotent. */
    @Override
    public void close() {
        close("");
    }

    /** @param failure why the program on the master failed; workers are told */
    void close(String failure) {
        session.close(failure);
    }

    static void refuseInsideTask() {
        if (WorkerLoop.isEvaluationThread()) {
            throw new IllegalStateException(
                    "a task must not call the pool: its slot would wait for itself. Return the work to the master, and"
                            + " have it call the pool");
        }
    }

    private static byte[] serialize(Object function, Set<ClassLoader> loaders) {
        try {
            return Serialization.write(function, loaders);
        } catch (UnserializableException e) {
            throw new IllegalArgumentException("the function: " + e.getMessage(), e);
        }
    }
}
