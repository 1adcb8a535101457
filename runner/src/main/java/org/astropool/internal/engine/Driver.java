package org.astropool.internal.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.astropool.internal.carrier.WorkerPolicy;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.UnserializableException;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.scheduler.Event;
import org.astropool.internal.transport.Agent;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.PeerLoss;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The master's agent on the communication thread: passes requests of user threads to the calls, and what workers say to
 * the chunks and worker tasks, and ends them all when the pool fails or is closed. Methods belong to the communication
 * thread unless they say otherwise, so nothing here is locked.
 */
final class Driver implements Agent, Workers.Listener {
    private static final long TICK_NANOS = 10_000_000;
    /** How long the frames that tell workers to end may take to leave this process. */
    private static final long STOP_NANOS = 1_000_000_000;

    private static final long WORKERS_PRESENT = Long.MAX_VALUE;
    /** Roughly what a message with one value has besides it. */
    private static final int MESSAGE_OVERHEAD_BYTES = 128;

    private final CommunicationThread communication;
    private final Workers workers;
    private final Duration wait;
    private final LongSupplier nanoClock;
    private final ChunkDispatcher chunks;
    private final CallTable calls;
    private final WorkerTasks workerTasks = new WorkerTasks();
    private final Map<Integer, ValueBlock> sharedValues = new HashMap<>();
    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiters = new AtomicInteger();
    private @Nullable PoolException failure;
    private volatile boolean over;
    private @Nullable CompletableFuture<Void> stopping;
    private long stoppingSince;
    private long lastTickNanos;
    private long noWorkersSinceNanos = WORKERS_PRESENT;

    /**
     * @param wait how long calls wait for workers that may join when there are none
     * @param nanoClock as {@link System#nanoTime}
     */
    Driver(CommunicationThread communication, Workers workers, Duration wait, LongSupplier nanoClock) {
        this.communication = communication;
        this.workers = workers;
        this.wait = wait;
        this.nanoClock = nanoClock;
        this.chunks = new ChunkDispatcher(workers, nanoClock, this::execute);
        this.calls = chunks.calls();
        workers.listen(this);
    }

    /** Runs a request on the communication thread. From any thread. */
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
     * For a user thread that waits: it does the work of the communication thread meanwhile, or leaves its core to it.
     * Returns when the wait is over, and when the thread is unparked or interrupted. From any thread.
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
        } else {
            calls.open(call);
        }
    }

    /** A call cannot go on, others can. */
    void failCall(int number, PoolException cause) {
        calls.fail(number, cause);
    }

    /**
     * More inputs of a call.
     *
     * @param position hears where the first of them is, before anything becomes of them
     * @return false when the call is over
     */
    boolean supply(int number, ValueBlock inputs, LongConsumer position) {
        return calls.supply(number, inputs, position);
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
        long limit = (long) workers.maxFrameBytes() - MESSAGE_OVERHEAD_BYTES;
        if (bytes > limit) {
            throw new IllegalArgumentException(what + " takes " + bytes + " bytes, and the limit of this pool is "
                    + limit + "; hand over less at a time, for instance the path of a file that workers can read");
        }
    }

    /** Tasks of an indexed call below {@code end} may be evaluated. */
    void supply(int number, long end) {
        calls.supply(number, end);
    }

    void endOfInputs(int number) {
        calls.endOfInputs(number);
    }

    void cancel(int number) {
        calls.cancel(number);
    }

    /**
     * The outcome of an input that was supplied alone is not needed any more: it is not evaluated if it has not begun.
     *
     * @param interrupt whether to interrupt its evaluation if it has begun
     */
    void cancel(int number, long position, boolean interrupt) {
        chunks.cancel(number, position, interrupt);
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
        workerTasks.send(definition, present, sink);
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
        // a worker process that was suspended takes no frames, and is only known to be lost when its lease is over
        if (stopped != null && (workers.allSent() || nanoClock.getAsLong() - stoppingSince > STOP_NANOS)) {
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
        List<Integer> failed = failAll(cause);
        // otherwise the scheduler would send their tasks to the next worker that joins or has a free slot
        failed.forEach(call -> chunks.step(new Event.CallCancelled(call)));
    }

    /** As {@link #fail}, also when the scheduler cannot be used any more. Returns the numbers of the calls. */
    private List<Integer> failAll(PoolException cause) {
        if (failure == null) {
            failure = cause;
        }
        PoolException first = failure;
        List<Integer> failed = calls.failAll(first);
        workerTasks.failAll(first);
        chunks.clear();
        workers.fail(first);
        return failed;
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
            chunks.tick(nowNanos);
            waitForWorkers(nowNanos);
        }
        if (work > 0) {
            chunks.endTurn();
        }
        finishStop();
        return work;
    }

    private void waitForWorkers(long nowNanos) {
        if (calls.isEmpty()
                || workers.policy() != WorkerPolicy.OPEN
                || !workers.ready().isEmpty()) {
            noWorkersSinceNanos = WORKERS_PRESENT;
        } else if (noWorkersSinceNanos == WORKERS_PRESENT) {
            noWorkersSinceNanos = nowNanos;
        } else if (nowNanos - noWorkersSinceNanos > wait.toNanos()) {
            fail(new PoolException(
                    Reason.WORKERS_LOST,
                    "no worker has been here for " + wait.toSeconds() + " s, and none has joined"));
        }
    }

    @Override
    public Urgency urgency() {
        if (chunks.leaveCoresToPrograms()) {
            return Urgency.LOWEST;
        }
        return waiters.get() > 0 && !chunks.isIdle() ? Urgency.HIGH : Urgency.LOW;
    }

    @Override
    public void failed(Throwable cause) {
        failAll(
                cause instanceof PoolException known
                        ? known
                        : new PoolException(Reason.DEFECT, "the pool's communication thread failed: " + cause, cause));
        over = true;
        refuseRequests();
    }

    @Override
    public void onReady(Worker worker) {
        sharedValues.forEach((number, value) -> worker.send(new Message.Share(number, value)));
        chunks.step(new Event.WorkerJoined(worker.number(), worker.threads()));
    }

    @Override
    public void onLost(Worker worker, PeerLoss loss) {
        workerTasks.fail(worker, loss);
        chunks.lose(worker, loss);
        if (loss.ofAll()) { // even if this process could evaluate alone
            fail(new PoolException(Reason.WORKERS_LOST, "the workers were lost: " + loss.reason()));
        } else if (workers.areGone()) {
            fail(new PoolException(Reason.WORKERS_LOST, "the last worker was lost: " + loss.reason()));
        }
    }

    @Override
    public void onLeaving(Worker worker) {
        chunks.leave(worker);
        dismissIfFinished(worker);
    }

    /** Lets a worker that wants to leave do so, when it has answered everything. */
    private void dismissIfFinished(Worker worker) {
        if (worker.isLeaving() && !chunks.isAt(worker) && !workerTasks.isAt(worker)) {
            chunks.step(new Event.WorkerLost(worker.number())); // with no chunk to lose
            workers.dismiss(worker);
        }
    }

    @Override
    public void onChunkLost(Worker worker, Message.ChunkLost lost) {
        PeerLoss loss = new PeerLoss(lost.reason(), lost.lastWords(), true);
        if (!workerTasks.fail(worker, lost.chunk(), loss)) {
            chunks.lose(worker, lost.chunk(), loss);
        }
        dismissIfFinished(worker);
    }

    @Override
    public void onClassWanted(Worker worker, Message.ClassWanted wanted) {
        workers.classes()
                .read(
                        wanted.classes(),
                        wanted.name(),
                        content -> execute(() -> {
                            if (!over && workers.byNumber(worker.number()) == worker) {
                                worker.send(new Message.ClassBytes(wanted.classes(), wanted.name(), content));
                            }
                        }));
    }

    @Override
    public void onResult(Worker worker, Message.Result result) {
        takeResult(worker, result);
        dismissIfFinished(worker);
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
        if (!workerTasks.finish(worker, result)) {
            chunks.finish(worker, result);
        }
    }
}
