package org.astropool.internal.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.astropool.internal.carrier.WorkerPolicy;
import org.astropool.internal.journal.Journal;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.NoResult;
import org.astropool.internal.protocol.OutcomeBlock;
import org.astropool.internal.protocol.UnserializableException;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.scheduler.Command;
import org.astropool.internal.scheduler.Event;
import org.astropool.internal.scheduler.Scheduler;
import org.astropool.internal.transport.Agent;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.FrameTooLargeException;
import org.astropool.internal.transport.PeerLoss;
import org.astropool.pool.CancellationToken;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolException.Reason;
import org.astropool.task.FailureKind;
import org.astropool.task.TaskFailure;
import org.jspecify.annotations.Nullable;

/**
 * The master's agent: turns answers of workers and requests of user threads into events of the scheduler, and the
 * scheduler's commands into messages and outcomes. Everything but the methods that say otherwise belongs to the
 * communication thread, so nothing here is locked.
 */
final class Driver implements Agent, Workers.Listener {
    private static final long TICK_NANOS = 10_000_000;
    private static final long LAST_WORDS_NANOS = 1_000_000_000;
    private static final long SOMEBODY = Long.MAX_VALUE;
    /** What a message with one value has beside it, about. */
    private static final int MOST_BYTES_BESIDE_VALUE = 128;

    /** What moving a byte of input or result counts for the size of chunks, so that large payloads travel singly. */
    private static final long NANOS_PER_BYTE = 16;

    private final CommunicationThread communication;
    private final Workers workers;
    private final Duration wait;
    private final LongSupplier nanoClock;
    private final Scheduler scheduler = new Scheduler();
    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private final Map<Integer, OpenCall> calls = new HashMap<>();
    private final Map<Long, Execution> executions = new HashMap<>();
    private final Map<Integer, ValueBlock> sharedValues = new HashMap<>();
    private final Map<Long, EveryWorkerChunk> everyWorkerChunks = new HashMap<>();
    private final ArrayDeque<Step> steps = new ArrayDeque<>();
    private final AtomicInteger waiters = new AtomicInteger();
    private @Nullable PoolException failure;
    private boolean stepping;
    private volatile boolean over;
    private @Nullable CompletableFuture<Void> stopping;
    private long stoppingSince;
    private long lastTickNanos;
    private long lastEveryWorkerChunk;
    private long nobodySinceNanos = SOMEBODY;

    /** An event, and what came with it: the answer of a worker, or how it or its child process ended. */
    private record Step(
            Event event, Message.Result answer, @Nullable Worker worker, PeerLoss loss) {}

    /** A task of {@link #onEveryWorker}. */
    private record EveryWorkerChunk(Worker worker, Call.Sink sink) {}

    private static final PeerLoss NO_LOSS = new PeerLoss("");
    private static final @Nullable Worker NOBODY = null;
    private static final Message.Result NO_ANSWER = Message.Result.nothing(0);

    /**
     * @param wait how long calls wait for workers that may join when there are none
     * @param nanoClock as {@link System#nanoTime}
     */
    Driver(CommunicationThread communication, Workers workers, Duration wait, LongSupplier nanoClock) {
        this.communication = communication;
        this.workers = workers;
        this.wait = wait;
        this.nanoClock = nanoClock;
        workers.listen(this);
    }

    /** Has something done on the communication thread. From any thread. */
    void execute(Runnable request) {
        requests.add(request);
        communication.wakeUp();
        if (over) {
            refuseRequests();
        }
    }

    /** As {@link CommunicationThread#runAfterWork}. */
    void runAfterWork(Runnable action) {
        communication.runAfterWork(action);
    }

    /** After the last turn: requests find that the pool has failed or is closed, on the thread that makes them. */
    private synchronized void refuseRequests() {
        for (Runnable request = requests.poll(); request != null; request = requests.poll()) {
            request.run();
        }
    }

    /**
     * Has a user thread wait, which leaves its core to the communication thread, or does its work. Returns when it is
     * over, and when the thread is unparked or interrupted. From any thread.
     */
    void await(BooleanSupplier isOver, long limitNanos) {
        waiters.incrementAndGet();
        try {
            communication.doWorkUntil(isOver, limitNanos);
            if (!isOver.getAsBoolean()) {
                LockSupport.parkNanos(this, limitNanos);
            }
        } finally {
            waiters.decrementAndGet();
        }
    }

    void open(Call call) {
        if (failure != null) {
            call.sink().failed(failure);
            return;
        }
        OpenCall open = new OpenCall(call);
        calls.put(call.number(), open);
        step(new Event.CallOpened(call.number(), call.policy()));
        CancellationToken stop = call.stop();
        if (stop != null) {
            stop.addListener(open.onStop);
            stop(call.number(), stop);
        }
    }

    private void stop(int number, CancellationToken stop) {
        if (stop.isAbandoned()) {
            cancel(number);
        } else if (stop.deadlineNanos() != Long.MAX_VALUE && calls.containsKey(number)) {
            step(new Event.CallDraining(number, stop.deadlineNanos()));
        }
    }

    /** A call cannot go on, others can. */
    void failCall(int number, PoolException cause) {
        OpenCall open = calls.get(number);
        if (open != null) {
            open.call.sink().failed(cause);
            cancel(number);
        }
    }

    /**
     * Hands outcomes of a call to its journal. One that cannot take them, since they are too large, fails the call
     * alone.
     */
    void journal(int number, Journal journal, Call.Arrival arrival) {
        try {
            journal.append(arrival.firstTask(), arrival.count(), JournalledOutcomes.payload(arrival));
        } catch (IllegalArgumentException | ArithmeticException e) {
            failCall(number, new PoolException(Reason.JOURNAL, String.valueOf(e.getMessage()), e));
        }
    }

    /**
     * More inputs of a call.
     *
     * @param position hears where the first of them is, before anything becomes of them
     * @return false when the call is over
     */
    boolean supply(int number, ValueBlock inputs, LongConsumer position) {
        OpenCall open = calls.get(number);
        if (open == null) {
            return false;
        }
        long first = open.availableTasks;
        position.accept(first);
        open.inputs.append(inputs);
        supplyUntil(open, first + inputs.count());
        return true;
    }

    /**
     * Packs a value for one message, as it is now. From any thread.
     *
     * @param what for people: "the input"
     * @throws IllegalArgumentException when it cannot be serialized, or is too large
     */
    ValueBlock pack(String what, @Nullable Object value) {
        refuseTooLarge(what, ValueBlock.snapshotBytes(value)); // before an array of that size is copied
        ValueBlock packed;
        try {
            packed = ValueBlock.packOne(value);
        } catch (UnserializableException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        refuseTooLarge(what, packed.largestBytes());
        return packed;
    }

    /**
     * Refuses what no worker could be sent, where it is given. From any thread.
     *
     * @param what for people: "the input"
     * @param bytes of it in a message
     * @throws IllegalArgumentException when it does not fit a message of the carrier
     */
    void refuseTooLarge(String what, long bytes) {
        long limit = (long) workers.maxFrameBytes() - MOST_BYTES_BESIDE_VALUE;
        if (bytes > limit) {
            throw new IllegalArgumentException(what + " takes " + bytes + " bytes, and the limit of this pool is "
                    + limit + "; hand over less at a time, for instance the path of a file that workers can read");
        }
    }

    /** Tasks of an indexed call below {@code end} may be evaluated. */
    void supply(int number, long end) {
        OpenCall open = calls.get(number);
        if (open != null) {
            supplyUntil(open, end);
        }
    }

    private void supplyUntil(OpenCall open, long tasks) {
        open.availableTasks = tasks;
        step(new Event.UnitsAvailable(open.call.number(), open.call.unitsOf(tasks)));
    }

    void endOfInputs(int number) {
        if (calls.containsKey(number)) {
            step(new Event.UnitsEnded(number));
        }
    }

    void cancel(int number) {
        if (calls.containsKey(number)) {
            step(new Event.CallCancelled(number));
        }
    }

    /** Spares the evaluation of an input that was supplied alone, if it has not been sent yet. */
    void withdraw(int number, long position) {
        OpenCall open = calls.get(number);
        if (open != null) {
            open.inputs.withdraw(position);
        }
    }

    void share(int number, ValueBlock value) {
        sharedValues.put(number, value);
        workers.ready().forEach(worker -> worker.send(new Message.Share(number, value)));
    }

    void unshare(int number) {
        sharedValues.remove(number);
        workers.ready().forEach(worker -> worker.send(new Message.Unshare(number)));
    }

    /** Evaluates one task on each worker that is there now; its index is the worker's number. Returns how many. */
    int onEveryWorker(Message.Define definition, Call.Sink sink) {
        if (failure != null) {
            sink.failed(failure);
            return 0;
        }
        List<Worker> present = workers.ready();
        for (Worker worker : present) {
            long chunk = --lastEveryWorkerChunk; // below 0, where the scheduler has no chunks
            everyWorkerChunks.put(chunk, new EveryWorkerChunk(worker, sink));
            worker.send(definition, new Message.Chunk(definition.call(), chunk, 1, worker.number(), 1, List.of()));
            worker.forget(definition.call()); // the chunk keeps its function
        }
        return present.size();
    }

    /**
     * Ends the pool and its workers.
     *
     * @param reasonOfFailure why the master's program failed, or ""
     * @param stopped completed when the workers have been told, as far as this process can know
     */
    void stop(String reasonOfFailure, CompletableFuture<Void> stopped) {
        fail(new PoolException(Reason.CLOSED, "the pool is closed"));
        workers.stop(reasonOfFailure);
        stopping = stopped;
        stoppingSince = nanoClock.getAsLong();
    }

    private void finishStop() {
        CompletableFuture<Void> stopped = stopping;
        // a worker that is stopped takes nothing, and is not known to be lost before its lease is over
        if (stopped != null && (workers.allSent() || nanoClock.getAsLong() - stoppingSince > LAST_WORDS_NANOS)) {
            communication.remove(this);
            workers.close();
            stopping = null;
            over = true;
            refuseRequests();
            stopped.complete(null);
        }
    }

    /** Nothing of the pool goes on; calls under way and later ones get this exception. */
    void fail(PoolException cause) {
        if (failure == null) {
            failure = cause;
        }
        PoolException first = failure;
        calls.values().forEach(open -> {
            open.forgetStop();
            open.call.sink().failed(first);
        });
        everyWorkerChunks.values().forEach(chunk -> chunk.sink.failed(first));
        calls.clear();
        everyWorkerChunks.clear();
        executions.clear();
        workers.fail(first);
    }

    @Override
    public int doWork(long nowNanos) {
        int work = 0;
        for (Runnable request = requests.poll(); request != null; request = requests.poll()) {
            request.run();
            work++;
        }
        work += workers.poll(nowNanos);
        if (nowNanos - lastTickNanos > TICK_NANOS) {
            lastTickNanos = nowNanos;
            step(new Event.Tick());
            waitForWorkers(nowNanos);
        }
        if (work > 0) {
            calls.values().forEach(this::endTurn);
        }
        finishStop();
        return work;
    }

    private void waitForWorkers(long nowNanos) {
        if (calls.isEmpty()
                || workers.policy() != WorkerPolicy.OPEN
                || !workers.ready().isEmpty()) {
            nobodySinceNanos = SOMEBODY;
        } else if (nobodySinceNanos == SOMEBODY) {
            nobodySinceNanos = nowNanos;
        } else if (nowNanos - nobodySinceNanos > wait.toNanos()) {
            fail(new PoolException(
                    Reason.WORKERS_LOST,
                    "no worker has been here for " + wait.toSeconds() + " s, and none has joined"));
        }
    }

    @Override
    public Urgency urgency() {
        return waiters.get() > 0 && !executions.isEmpty() ? Urgency.HIGH : Urgency.LOW;
    }

    @Override
    public void failed(Throwable cause) {
        fail(
                cause instanceof PoolException known
                        ? known
                        : new PoolException(Reason.DEFECT, "the pool's communication thread failed: " + cause, cause));
        over = true;
        refuseRequests();
    }

    @Override
    public void onReady(Worker worker) {
        sharedValues.forEach((number, value) -> worker.send(new Message.Share(number, value)));
        step(new Event.WorkerJoined(worker.number(), worker.threads()));
    }

    @Override
    public void onLost(Worker worker, PeerLoss loss) {
        everyWorkerChunks.entrySet().removeIf(entry -> {
            boolean lost = entry.getValue().worker == worker;
            if (lost) {
                failOnEveryWorker(entry.getValue(), loss);
            }
            return lost;
        });
        step(new Step(new Event.WorkerLost(worker.number()), NO_ANSWER, worker, loss));
        executions.values().removeIf(execution -> execution.worker == worker);
        if (loss.ofAll()) { // also where this process could go on alone
            fail(new PoolException(Reason.WORKERS_LOST, "the workers were lost: " + loss.reason()));
        } else if (workers.areGone()) {
            fail(new PoolException(Reason.WORKERS_LOST, "the last worker was lost: " + loss.reason()));
        }
    }

    @Override
    public void onLeaving(Worker worker) {
        step(new Event.WorkerLeaving(worker.number()));
        letGo(worker);
    }

    /** Lets a worker that wants to leave do so, when it has answered everything. */
    private void letGo(Worker worker) {
        if (worker.isLeaving()
                && executions.values().stream().noneMatch(execution -> execution.worker == worker)
                && everyWorkerChunks.values().stream().noneMatch(chunk -> chunk.worker == worker)) {
            step(new Event.WorkerLost(worker.number())); // with nothing to lose
            workers.dismiss(worker);
        }
    }

    @Override
    public void onChunkLost(Worker worker, Message.ChunkLost lost) {
        PeerLoss loss = new PeerLoss(lost.reason(), lost.lastWords(), true);
        EveryWorkerChunk everyWorker = everyWorkerChunks.get(lost.chunk());
        Execution execution = executions.get(lost.chunk());
        if (everyWorker != null && everyWorker.worker == worker) {
            everyWorkerChunks.remove(lost.chunk());
            failOnEveryWorker(everyWorker, loss);
        } else if (execution != null && execution.worker == worker) {
            executions.remove(lost.chunk());
            step(new Step(new Event.ChunkLost(worker.number(), lost.chunk()), NO_ANSWER, worker, loss));
        }
        letGo(worker);
    }

    private static void failOnEveryWorker(EveryWorkerChunk chunk, PeerLoss loss) {
        TaskFailure failure = TaskFailure.ofProgram(FailureKind.WORKER_LOST, loss.reason(), loss.lastWords());
        chunk.sink.arrived(new Call.Arrival(
                chunk.worker.number(), 0, 1, allFailed(1, failure), chunk.worker.number(), chunk.worker.host(), 1));
    }

    @Override
    public void onResult(Worker worker, Message.Result result) {
        takeResult(worker, result);
        letGo(worker);
    }

    private void takeResult(Worker worker, Message.Result result) {
        worker.abandoned(result.abandoned());
        if (result.abandoned() > 0 && workers.abandonedThreads() >= workers.slots()) {
            fail(new PoolException(
                    Reason.WORKERS_LOST,
                    workers.abandonedThreads() + " tasks hang past their timeout and do not react to an interrupt, as"
                            + " many as there are slots; use a model that does, or a longer timeout"));
            return;
        }
        EveryWorkerChunk everyWorker = everyWorkerChunks.get(result.chunk());
        if (everyWorker != null && everyWorker.worker == worker) {
            everyWorkerChunks.remove(result.chunk());
            OutcomeBlock outcomes = result.outcomes();
            everyWorker.sink.arrived(new Call.Arrival(
                    worker.number(), 0, outcomes.count(), outcomes, worker.number(), worker.host(), 1));
            return;
        }
        Execution execution = executions.get(result.chunk());
        if (execution == null || execution.worker != worker) {
            return; // of a call that was given up with the pool, or not a chunk of this worker
        }
        if (result.outcomes().count() == 0) {
            executions.remove(result.chunk());
            step(new Event.ChunkReturned(worker.number(), result.chunk()));
        } else {
            long costNanos = result.busyNanos()
                    + NANOS_PER_BYTE
                            * (execution.inputBytes + result.outcomes().values().bytes());
            step(
                    new Event.ChunkFinished(
                            worker.number(), result.chunk(), costNanos, execution.retriable(result.outcomes())),
                    result);
        }
    }

    private void step(Event event) {
        step(event, NO_ANSWER);
    }

    private void step(Event event, Message.Result answer) {
        step(new Step(event, answer, NOBODY, NO_LOSS));
    }

    /** The only place where the scheduler moves on. What commands bring about waits until all of them are done. */
    private void step(Step step) {
        steps.add(step);
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            for (Step next = steps.poll(); next != null; next = steps.poll()) {
                CommandHandler handler = new CommandHandler(next);
                for (Command command : scheduler.on(next.event, nanoClock.getAsLong())) {
                    command.accept(handler);
                }
            }
        } finally {
            stepping = false;
        }
    }

    /** Carries out the commands that one step has caused. */
    private final class CommandHandler implements Command.Handler {
        private final Step cause;

        CommandHandler(Step cause) {
            this.cause = cause;
        }

        @Override
        public void onSend(Command.Send send) {
            Driver.this.send(send);
        }

        @Override
        public void onAccept(Command.Accept accept) {
            Driver.this.accept(accept, cause);
        }

        @Override
        public void onIgnore(Command.Ignore ignore) {
            executions.remove(ignore.chunk());
        }

        @Override
        public void onWithdraw(Command.Withdraw withdraw) {
            sendWithdraw(withdraw.chunk(), true);
        }

        @Override
        public void onRecall(Command.Recall recall) {
            sendWithdraw(recall.chunk(), false);
        }

        private void sendWithdraw(long chunk, boolean evenIfBegun) {
            Execution execution = executions.get(chunk);
            if (execution != null) {
                execution.worker.send(new Message.Withdraw(chunk, evenIfBegun));
            }
        }

        @Override
        public void onQuarantine(Command.Quarantine quarantine) {
            settle(
                    quarantine.call(),
                    quarantine.unit(),
                    quarantine.losses(),
                    cause.worker,
                    TaskFailure.ofProgram(
                            FailureKind.WORKER_LOST,
                            "lost its worker " + quarantine.losses()
                                    + " times, which is the limit; it may be what ends them. The last time: "
                                    + cause.loss.reason(),
                            cause.loss.lastWords()));
        }

        @Override
        public void onExpire(Command.Expire expire) {
            settle(
                    expire.call(),
                    expire.unit(),
                    expire.attempts(),
                    NOBODY,
                    TaskFailure.of(FailureKind.TIMEOUT, "nothing was heard of it long after its timeout"));
        }

        @Override
        public void onCallEnded(Command.CallEnded ended) {
            end(ended.call());
        }
    }

    private void send(Command.Send send) {
        OpenCall open = calls.get(send.call());
        Worker worker = workers.byNumber(send.worker());
        if (open == null || worker == null) {
            throw new IllegalStateException("the scheduler knows a call or worker that is gone: " + send);
        }
        Call call = open.call;
        int tasks = call.tasks(send.first(), send.count(), open.availableTasks);
        List<ValueBlock> inputs =
                call.definition().indexed() ? List.of() : open.inputs.get(call.firstInput(send.first()), tasks);
        long inputBytes = 0;
        for (ValueBlock block : inputs) {
            inputBytes += block.bytes();
        }
        executions.put(send.chunk(), new Execution(open, worker, send.first(), tasks, send.attempt(), inputBytes));
        open.handedOutUnits = Math.max(open.handedOutUnits, send.first() + send.count());
        try {
            worker.send(
                    call.definition(),
                    new Message.Chunk(
                            call.number(), send.chunk(), send.attempt(), call.firstTask(send.first()), tasks, inputs));
        } catch (FrameTooLargeException e) {
            if (send.count() > 1) { // each input was found small enough when it was handed over
                step(new Event.ChunkTooLarge(send.worker(), send.chunk()));
                executions.remove(send.chunk());
                return;
            }
            TaskFailure failure = TaskFailure.of(
                    FailureKind.EXCEPTION,
                    String.valueOf(e.getMessage()),
                    new TaskFailure.Thrown(e.getClass().getName(), ""));
            step(
                    new Event.ChunkFinished(send.worker(), send.chunk(), 0, Execution.NONE),
                    new Message.Result(send.chunk(), 0, 0, 0, allFailed(tasks, failure)));
        }
    }

    private void accept(Command.Accept accept, Step cause) {
        Execution execution = executions.remove(accept.chunk());
        if (execution == null) {
            throw new IllegalStateException("an answer that nobody waits for was accepted: " + accept);
        }
        OutcomeBlock outcomes = cause.answer.outcomes();
        execution.worker.count(execution.tasks, cause.answer);
        long position = accept.first();
        for (long retried : accept.retriedUnits()) {
            deliver(execution, position, retried, outcomes);
            position = retried + 1;
        }
        deliver(execution, position, accept.first() + accept.count(), outcomes);
    }

    private static void deliver(Execution execution, long fromUnit, long toUnit, OutcomeBlock outcomes) {
        if (fromUnit >= toUnit) {
            return;
        }
        Call call = execution.open.call;
        int batch = call.definition().batch();
        int from = (int) (fromUnit - execution.firstUnit) * batch;
        int to = (int) Math.min(execution.tasks, (toUnit - execution.firstUnit) * batch);
        if (!call.definition().indexed()) {
            execution.open.inputs.finish(call.firstInput(fromUnit), to - from);
        }
        call.sink()
                .arrived(new Call.Arrival(
                        call.firstTask(fromUnit),
                        from,
                        to,
                        outcomes,
                        execution.worker.number(),
                        execution.worker.host(),
                        execution.attempt));
    }

    /** The scheduler gave up a unit: its tasks fail without an answer. */
    private void settle(int number, long unit, int attempts, @Nullable Worker worker, TaskFailure failure) {
        OpenCall open = calls.get(number);
        if (open == null) {
            throw new IllegalStateException("a unit of call " + number + " was given up, which is over");
        }
        Call call = open.call;
        int tasks = call.tasks(unit, 1, open.availableTasks);
        if (!call.definition().indexed()) {
            open.inputs.finish(call.firstInput(unit), tasks);
        }
        call.sink()
                .arrived(new Call.Arrival(
                        call.firstTask(unit),
                        0,
                        tasks,
                        allFailed(tasks, failure),
                        worker == null ? -1 : worker.number(),
                        worker == null ? "" : worker.host(),
                        attempts));
    }

    private static OutcomeBlock allFailed(int tasks, TaskFailure failure) {
        return new OutcomeBlock(
                new float[tasks], Collections.nCopies(tasks, new NoResult.Failed(failure)), ValueBlock.nothing(0));
    }

    private void end(int number) {
        OpenCall open = calls.remove(number);
        if (open != null) {
            open.forgetStop();
            workers.ready().forEach(worker -> worker.forget(number));
            open.call.sink().ended();
        }
    }

    private void endTurn(OpenCall open) {
        long units = open.handedOutUnits + scheduler.demand(open.call.number());
        open.call.sink().turnEnded(units * open.call.definition().batch());
    }

    /** A call under way. */
    private final class OpenCall {
        final Call call;
        final Inputs inputs = new Inputs();
        final Runnable onStop = this::onStop;
        long availableTasks;
        long handedOutUnits;

        OpenCall(Call call) {
            this.call = call;
        }

        /** From any thread. */
        private void onStop() {
            CancellationToken stop = java.util.Objects.requireNonNull(call.stop());
            execute(() -> stop(call.number(), stop));
        }

        void forgetStop() {
            CancellationToken stop = call.stop();
            if (stop != null) {
                stop.removeListener(onStop);
            }
        }
    }

    /** A chunk on a worker. */
    private record Execution(OpenCall open, Worker worker, long firstUnit, int tasks, int attempt, long inputBytes) {
        private static final Set<FailureKind> RETRIABLE = EnumSet.of(FailureKind.EXCEPTION, FailureKind.TIMEOUT);
        static final long[] NONE = {};

        /** Units with a task that threw or timed out; a NaN would be one again. */
        long[] retriable(OutcomeBlock outcomes) {
            if (outcomes.missing().isEmpty() || open.call.policy().retries() == 0) {
                return NONE;
            }
            long[] units = new long[outcomes.count()];
            int count = 0;
            for (int task = 0; task < outcomes.count(); task++) {
                if (outcomes.missing(task) instanceof NoResult.Failed failed
                        && RETRIABLE.contains(failed.failure().kind())) {
                    long unit = firstUnit + task / open.call.definition().batch();
                    if (count == 0 || units[count - 1] != unit) {
                        units[count++] = unit;
                    }
                }
            }
            return Arrays.copyOf(units, count);
        }
    }
}
