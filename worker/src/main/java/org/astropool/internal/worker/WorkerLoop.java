package org.astropool.internal.worker;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.astropool.internal.protocol.FrameSeal;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.protocol.ToWorker;
import org.astropool.internal.protocol.Work;
import org.astropool.internal.text.ThrowableText;
import org.astropool.internal.transport.Agent;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.FrameHandler;
import org.astropool.internal.transport.FrameTooLargeException;
import org.astropool.internal.transport.PeerLoss;
import org.astropool.internal.transport.Transport;
import org.astropool.internal.worker.WorkerEnd.Cause;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/**
 * A worker: takes chunks from the master, has them evaluated by its threads, and answers. An agent of the communication
 * thread; evaluation threads hand it finished frames through a queue and wake it up.
 */
public final class WorkerLoop implements Agent, FrameHandler {
    private static final int MASTER = 0;
    private static final long WATCH_NANOS = 1_000_000;
    /**
     * All work is lost with the master, and it may be busy writing tables: so it may be silent for longer than a
     * worker.
     */
    private static final int LEASES_OF_MASTER = 3;

    private static final int TICKS_A_LEASE = 50;
    private static final long WAIT_FOR_MEMORY_NANOS = 100_000_000;

    private final Transport transport;
    private final MessageLink master;
    private final CommunicationThread communication;
    private final ClassLoader loader;
    private final IntFunction<ClassLoader> loaders;
    /** By the number of the class loader of the master that they stand for. */
    private final Map<Integer, FetchedClasses> fetched = new ConcurrentHashMap<>();
    /** By the number of their class loader. */
    private final Map<Integer, Serialization> serializations = new HashMap<>();

    private final WorkerIdentity identity;
    private final int wantedThreads;
    private final SharedValues sharedValues;
    private final Serialization serialization;
    private final Map<Integer, DefinedCall> calls = new HashMap<>();
    private final Queue<ByteBuffer> outbox = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<WorkerEnd> ended = new CompletableFuture<>();
    private final ChildSettings childSettings;
    private final MasterHandler masterHandler = new MasterHandler();
    private final ThreadWork threadWork = new ThreadWork();
    private @Nullable EvaluationThreads threads;
    private @Nullable IsolatedEvaluation isolated;
    private boolean saidHello;
    /** Frames that required no action, which are no reason to expect more. */
    private int signsOfLife;

    /** Whether other processes evaluate the last call that was defined. */
    private boolean elsewhere;

    private int number;
    private long leaseNanos;
    private long lastWatchNanos;
    private long lastTickNanos;

    /**
     * A worker in a process of its own, that begins when it is added to the communication thread of its transport.
     *
     * @param threads how many evaluation threads to use, or 0 to be told by the master
     * @param loader has the classes of functions and values; those that it lacks are fetched from the master
     * @param childSettings for child processes, when the master wants isolation
     */
    public WorkerLoop(
            Transport transport,
            CommunicationThread communication,
            ClassLoader loader,
            WorkerIdentity identity,
            int threads,
            ChildSettings childSettings) {
        this.transport = transport;
        this.master = new MessageLink(transport, MASTER);
        this.communication = communication;
        this.loaders = number -> fetched.computeIfAbsent(
                number,
                id -> new FetchedClasses(
                        loader, name -> post(new Message.ClassWanted(id, name)), communication::isCurrent));
        this.loader = loaders.apply(0);
        this.identity = identity;
        this.wantedThreads = threads;
        this.childSettings = childSettings;
        this.sharedValues = new SharedValues(this.loader);
        this.serialization = new Serialization(this.loader, sharedValues::resolve);
    }

    /** The worker in the process of the master, which has its classes. */
    public WorkerLoop(
            Transport transport,
            CommunicationThread communication,
            PoolClasses classes,
            WorkerIdentity identity,
            int threads,
            ChildSettings childSettings) {
        this.transport = transport;
        this.master = new MessageLink(transport, MASTER);
        this.communication = communication;
        this.loaders = classes::of;
        this.loader = classes.of(0);
        this.identity = identity;
        this.wantedThreads = threads;
        this.childSettings = childSettings;
        this.sharedValues = new SharedValues(loader);
        this.serialization = new Serialization(loader, sharedValues::resolve);
    }

    /** Completes when the worker has ended; exceptionally when this worker failed. */
    public CompletableFuture<WorkerEnd> ended() {
        return ended;
    }

    /** Asks the master to let this worker leave when its current evaluations have ended. From any thread. */
    public void leave() {
        post(new Message.Leave());
    }

    /** Whether the caller is a thread that evaluates tasks. */
    public static boolean isEvaluationThread() {
        return Thread.currentThread() instanceof EvaluationThreads.EvaluationThread;
    }

    @Override
    public int doWork(long nowNanos) {
        if (!saidHello) {
            saidHello = true;
            send(identity.hello(wantedThreads));
        }
        signsOfLife = 0;
        int frames = transport.poll(this);
        int work = frames - signsOfLife;
        for (ByteBuffer frame = outbox.poll(); frame != null; frame = outbox.poll()) {
            master.send(frame);
            work++;
        }
        if (leaseNanos > 0 && nowNanos - lastTickNanos > leaseNanos / TICKS_A_LEASE) {
            lastTickNanos = nowNanos;
            if (master.tick(nowNanos, leaseNanos) > LEASES_OF_MASTER * leaseNanos) {
                transport.expel(MASTER);
                end(new WorkerEnd(
                        Cause.MASTER_LOST,
                        "the master has been silent for " + LEASES_OF_MASTER * leaseNanos / 1_000_000_000 + " s"));
            }
        }
        if (isolated != null) {
            work += isolated.doWork(nowNanos);
        }
        if (threads != null && nowNanos - lastWatchNanos > WATCH_NANOS) {
            lastWatchNanos = nowNanos;
            threads.watch(nowNanos);
        }
        return work;
    }

    @Override
    public Urgency urgency() {
        boolean busy = (threads != null && !threads.idle()) || (isolated != null && !isolated.idle());
        if (!busy) {
            return Urgency.HIGH;
        }
        boolean full = elsewhere && (threads == null || threads.areBusy()) && (isolated == null || isolated.isFull());
        return full ? Urgency.LOWEST : Urgency.LOW;
    }

    @Override
    public void failed(Throwable cause) {
        stopThreads();
        transport.close();
        afterChildren(() -> ended.completeExceptionally(cause));
    }

    @Override
    public void onPeerLost(int peer, PeerLoss loss) {
        if (peer == MASTER) {
            end(new WorkerEnd(Cause.MASTER_LOST, "the master was lost: " + loss.reason()));
        }
    }

    @Override
    public void onFrame(int peer, ByteBuffer frame) {
        ToWorker message = master.receiveFromMaster(frame);
        if (message == null) {
            signsOfLife++;
        } else {
            message.accept(masterHandler);
        }
    }

    /** Handles the messages of the master. */
    private final class MasterHandler implements ToWorker.Handler {
        @Override
        public void onWelcome(Message.Welcome welcome) {
            begin(welcome);
        }

        @Override
        public void onWork(Work work) {
            if (work instanceof Message.Define define) {
                elsewhere = define.elsewhere();
            }
            work.accept(isolated == null ? threadWork : isolated);
        }

        @Override
        public void onStop(Message.Stop stop) {
            end(endBy(stop));
        }
    }

    /** Work that the threads of this process do. */
    private final class ThreadWork implements Work.Handler {
        @Override
        public void onDefine(Message.Define define) {
            ClassLoader ofCall = loaders.apply(define.classes());
            Serialization own = serializations.computeIfAbsent(
                    define.classes(),
                    number -> number == 0 ? serialization : new Serialization(ofCall, sharedValues::resolve));
            calls.put(define.call(), new DefinedCall(define, ofCall, own));
        }

        @Override
        public void onForget(Message.Forget forget) {
            calls.remove(forget.call());
        }

        @Override
        public void onShare(Message.Share share) {
            sharedValues.put(share.number(), share.value());
        }

        @Override
        public void onUnshare(Message.Unshare unshare) {
            sharedValues.remove(unshare.number());
        }

        @Override
        public void onChunk(Message.Chunk chunk) {
            DefinedCall call = calls.get(chunk.call());
            if (call == null || threads == null) {
                throw new IllegalStateException(
                        "chunk " + chunk.chunk() + " of call " + chunk.call() + " came before its definition");
            }
            threads.evaluate(new Evaluation(chunk, call, number));
        }

        @Override
        public void onWithdraw(Message.Withdraw withdraw) {
            if (threads != null) {
                Evaluation waiting = threads.withdraw(withdraw.chunk(), withdraw.evenIfBegun());
                if (waiting != null) {
                    waiting.cancel();
                    send(waiting.answer(threads.abandoned()));
                }
            }
        }

        @Override
        public void onCancel(Message.Cancel cancel) {
            if (threads != null) {
                threads.cancel(cancel.chunk(), cancel.task(), cancel.interrupt());
            }
        }

        @Override
        public void onClassBytes(Message.ClassBytes bytes) {
            FetchedClasses waiting = fetched.get(bytes.classes());
            if (waiting != null) {
                waiting.arrived(bytes.name(), bytes.content());
            }
        }
    }

    private void begin(Message.Welcome welcome) {
        number = welcome.worker();
        leaseNanos = welcome.leaseNanos();
        if (welcome.isolated()) {
            try {
                isolated = new IsolatedEvaluation(welcome, this::sendOfChild, loader, childSettings, communication);
            } catch (CarrierException e) {
                send(new Message.Ready(String.valueOf(e.getMessage())));
            }
            return;
        }
        threads = new EvaluationThreads(welcome.threads(), communication, this::answer);
        if (welcome.initializer().length == 0) {
            send(new Message.Ready(""));
        } else {
            // not on this thread, because it is user code
            Thread initializer = new Thread(() -> post(new Message.Ready(initialize(welcome.initializer()))));
            initializer.setName("astropool-initializer");
            initializer.setDaemon(true);
            initializer.setContextClassLoader(loader);
            initializer.start();
        }
    }

    @SuppressWarnings("unchecked") // the pool's API guarantees the type
    private String initialize(byte[] initializer) {
        try {
            Object function = serialization.read(initializer);
            ((TaskFunction<Long, Object>) java.util.Objects.requireNonNull(function)).apply((long) number);
            return "";
        } catch (Throwable t) { // whatever it is, the master must be told
            return ThrowableText.describe(t);
        }
    }

    /** Called by evaluation threads. */
    private void answer(Evaluation evaluation, int abandonedThreads) {
        outbox.add(encodeAnswer(evaluation, abandonedThreads));
        // While further chunks wait here, the master does not need the answers at
        // once: they may be sent in groups, without a wake-up for each.
        if (threads == null || !threads.hasWaiting()) {
            communication.wakeUp();
        }
    }

    private ByteBuffer encodeAnswer(Evaluation evaluation, int abandonedThreads) {
        try {
            return master.encode(evaluation.answer(abandonedThreads));
        } catch (Throwable tooLarge) { // for a frame, an array, or the heap
            try {
                long limit = (long) transport.maxFrameBytes() - FrameSeal.BYTES;
                return master.encode(evaluation.answerWithin(limit, abandonedThreads));
            } catch (Throwable t) {
                return encodeFailure(evaluation, t, abandonedThreads);
            }
        }
    }

    private ByteBuffer encodeFailure(Evaluation evaluation, Throwable reason, int abandonedThreads) {
        while (true) {
            try {
                return master.encode(evaluation.answerWithout(reason, abandonedThreads));
            } catch (
                    OutOfMemoryError
                            e) { // other threads use it now; the pool would hang without an answer to this chunk
                LockSupport.parkNanos(WAIT_FOR_MEMORY_NANOS);
            }
        }
    }

    /** A result from a child process may be too large for a frame to the master. */
    private void sendOfChild(Message message) {
        try {
            send(message);
        } catch (FrameTooLargeException e) {
            if (!(message instanceof Message.Result result)) {
                throw e;
            }
            send(result.failed(e));
        }
    }

    private void post(Message message) {
        outbox.add(master.encode(message));
        communication.wakeUp();
    }

    private void send(Message message) {
        master.send(message);
    }

    private WorkerEnd endBy(Message.Stop stop) {
        boolean welcomed = leaseNanos > 0;
        Cause cause = stop.failure().isEmpty() ? Cause.FINISHED : welcomed ? Cause.MASTER_FAILED : Cause.REFUSED;
        return new WorkerEnd(cause, stop.failure());
    }

    private void end(WorkerEnd end) {
        stopThreads();
        communication.remove(this);
        transport.close();
        afterChildren(() -> ended.complete(end));
    }

    private void stopThreads() {
        fetched.values().forEach(FetchedClasses::close);
        if (threads != null) {
            threads.stop();
        }
    }

    /** Waits for the end of child processes on a separate thread, because this one must not block. */
    private void afterChildren(Runnable completion) {
        IsolatedEvaluation children = isolated;
        if (children == null) {
            completion.run();
            return;
        }
        Thread closing = new Thread(
                () -> {
                    children.close();
                    completion.run();
                },
                "astropool-children-end");
        closing.start();
    }
}
