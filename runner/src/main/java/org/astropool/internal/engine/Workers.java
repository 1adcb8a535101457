package org.astropool.internal.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.astropool.internal.activity.PoolActivity;
import org.astropool.internal.carrier.WorkerPolicy;
import org.astropool.internal.events.PoolEvents;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.ProtocolException;
import org.astropool.internal.protocol.ToMaster;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.FrameHandler;
import org.astropool.internal.transport.PeerLoss;
import org.astropool.internal.transport.Transport;
import org.astropool.internal.worker.PoolClasses;
import org.astropool.internal.worker.WorkerIdentity;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.WorkerInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of a pool, from when they connect to their end: the remote ones at the other ends of a transport, and the
 * one in the master's own process. {@link WorkerAdmission} decides who becomes one; this class gives up those that fall
 * silent. Belongs to the communication thread, except for methods that say otherwise.
 */
public final class Workers {

    /** Takes what happens to workers and what they send after they have reported. */
    interface Listener {
        void onReady(Worker worker);

        void onResult(Worker worker, Message.Result result);

        /** The worker evaluates no more, others do. */
        void onLost(Worker worker, PeerLoss loss);

        /** The worker wants to end after what it has begun. */
        void onLeaving(Worker worker);

        /** The child process in which the worker evaluated a chunk has died; the worker goes on. */
        void onChunkLost(Worker worker, Message.ChunkLost lost);

        /** The worker lacks a class. */
        void onClassWanted(Worker worker, Message.ClassWanted wanted);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final int MASTER = 0;
    private static final int TICKS_PER_LEASE = 50;

    private final WorkerPolicy policy;
    private final PoolOptions options;
    private final WorkerIdentity identity;
    private final WorkerAdmission admission;
    private final PoolClasses classes;
    private final PoolEvents events;
    private final PoolActivity activity;
    private final List<WorkerGroup> groups = new ArrayList<>();
    private final List<Worker> workers = new CopyOnWriteArrayList<>();
    private final List<Worker> gone = new CopyOnWriteArrayList<>();
    private final Map<Integer, Worker> byNumber = new HashMap<>();
    private @Nullable Listener listener;
    private volatile int maxFrameBytes = Integer.MAX_VALUE;
    private boolean stopping;
    /** How many take the place of lost ones and have not connected yet. */
    private int replacements;

    private int lastNumber;
    private long lastTickNanos;
    /** Frames of this turn that require no action, so that no more are to be expected soon. */
    private int framesWithoutAction;

    /**
     * @param remote the transport to the other processes, or null when this process is alone
     * @param initializer serialized, or empty
     * @param nanoClock as {@link System#nanoTime}
     */
    Workers(
            CommunicationThread communication,
            @Nullable Transport remote,
            WorkerPolicy policy,
            PoolOptions options,
            byte[] initializer,
            WorkerIdentity identity,
            LongSupplier nanoClock) {
        this.policy = policy;
        this.options = options;
        this.classes = new PoolClasses(options.classLoader(), options.hasClassLoader());
        this.events = new PoolEvents(options.listener());
        this.identity = identity;
        this.activity =
                new PoolActivity(identity.host(), options.coresPerTask(), policy == WorkerPolicy.OPEN, nanoClock);
        this.admission = new WorkerAdmission(this, communication, policy, options, initializer, identity, nanoClock);
        if (remote != null) {
            WorkerGroup group = new WorkerGroup(remote);
            for (int peer = 1; peer < remote.size(); peer++) {
                group.add(peer, peer);
            }
        }
    }

    void listen(Listener to) {
        listener = to;
    }

    Listener listener() {
        return java.util.Objects.requireNonNull(listener, "listen() comes before the first turn");
    }

    /** As {@link WorkerAdmission#opened}. */
    CompletableFuture<Void> opened() {
        return admission.opened();
    }

    /** The pool cannot be opened, or not any more. */
    void fail(PoolException cause) {
        admission.fail(cause);
    }

    /** Those of the pool, and those that have left it or were lost after their hello. */
    List<WorkerInfo> infos() {
        return Stream.concat(workers.stream(), gone.stream())
                .filter(Worker::saidHello)
                .map(Worker::info)
                .sorted(Comparator.comparingInt(WorkerInfo::number))
                .toList();
    }

    /** Those that are connected, also before they are welcomed. */
    List<Worker> all() {
        return workers;
    }

    /** Whether each lost worker that is to be replaced has been. */
    boolean allArePresent() {
        return replacements == 0;
    }

    /** Whether no worker is left, and none will join. */
    boolean areGone() {
        return workers.isEmpty() && allArePresent() && policy != WorkerPolicy.OPEN;
    }

    /** From any thread. */
    PoolClasses classes() {
        return classes;
    }

    PoolEvents events() {
        return events;
    }

    /** From any thread. */
    PoolActivity activity() {
        return activity;
    }

    WorkerPolicy policy() {
        return policy;
    }

    List<Worker> ready() {
        return workers.stream().filter(Worker::isReady).toList();
    }

    @Nullable
    Worker byNumber(int number) {
        return byNumber.get(number);
    }

    /** The longest frame that every worker can receive. From any thread, when the pool is open. */
    int maxFrameBytes() {
        return maxFrameBytes;
    }

    /** Evaluation threads of all workers. */
    int slots() {
        return workers.stream().mapToInt(Worker::threads).sum();
    }

    /** Whether the slots on this host occupy each processor that this process may use. */
    boolean useAllCoresHere() {
        int here = workers.stream()
                .filter(worker -> worker.saidHello() && worker.host().equals(identity.host()))
                .mapToInt(Worker::threads)
                .sum();
        return (long) here * options.coresPerTask() >= identity.processors();
    }

    int abandonedThreads() {
        return workers.stream().mapToInt(Worker::abandoned).sum();
    }

    int poll(long nowNanos) {
        admission.poll(nowNanos);
        framesWithoutAction = 0;
        int frames = 0;
        for (int i = 0; i < groups.size(); i++) {
            WorkerGroup group = groups.get(i);
            frames += group.transport.poll(group);
        }
        if (nowNanos - lastTickNanos > options.lease().toNanos() / TICKS_PER_LEASE) {
            lastTickNanos = nowNanos;
            groups.forEach(group -> group.tick(nowNanos));
        }
        return frames - framesWithoutAction;
    }

    /**
     * Ends the workers.
     *
     * @param failure why the master failed, or ""
     */
    void stop(String failure) {
        stopping = true;
        for (WorkerGroup group : groups) {
            group.workers.values().forEach(worker -> worker.send(new Message.Stop(failure)));
        }
    }

    /** Whether everything that was sent has left this process. */
    boolean allSent() {
        return groups.stream().allMatch(group -> group.transport.pendingSends() == 0);
    }

    void close() {
        groups.forEach(group -> group.transport.close());
    }

    /** Adds the worker of the master's own process. */
    void addMaster(Transport transport) {
        new WorkerGroup(transport).add(1, MASTER);
    }

    /** Frames of the worker are ignored from now on. */
    void forget(Worker worker) {
        workers.remove(worker);
        byNumber.remove(worker.number());
        groups.forEach(group -> group.workers.values().remove(worker));
    }

    /** The worker, which has nothing to do any more, may end. */
    void dismiss(Worker worker) {
        options.workerOutput().accept("worker " + worker.number() + " on " + worker.host() + " leaves");
        worker.send(new Message.Stop(""));
        gone.add(worker); // not lost, but what it has evaluated counts
        WorkerInfo info = worker.info();
        synchronized (activity) {
            activity.gone(worker.number(), "");
        }
        events.report(to -> to.workerLeft(info));
        forget(worker);
    }

    private void lose(Worker worker, PeerLoss loss) {
        workers.remove(worker);
        byNumber.remove(worker.number());
        if (stopping) {
            return;
        }
        boolean wasReady = worker.isReady();
        worker.setLost();
        gone.add(worker);
        synchronized (activity) {
            activity.gone(worker.number(), loss.reason());
        }
        replacements += loss.replaced() ? 1 : 0;
        LOG.warn(
                "worker {}{} is lost: {}{}",
                worker.number(),
                worker.saidHello() ? " on " + worker.host() : "",
                loss.reason(),
                loss.replaced() ? "; another one takes its place" : "");
        if (wasReady) {
            WorkerInfo info = worker.info();
            events.report(to -> to.workerLost(info, loss.reason()));
        }
        if (!admission.failsStart(worker, loss) && (wasReady || areGone())) {
            listener().onLost(worker, loss);
        }
    }

    /** A transport and the workers at its other ends. */
    private final class WorkerGroup implements FrameHandler {
        private final Transport transport;
        private final Map<Integer, Worker> workers = new HashMap<>();

        WorkerGroup(Transport transport) {
            this.transport = transport;
            maxFrameBytes = Math.min(maxFrameBytes, transport.maxFrameBytes());
            groups.add(this);
        }

        void add(int peer, int number) {
            Worker worker = new Worker(transport, peer, number);
            workers.put(peer, worker);
            Workers.this.workers.add(worker);
            byNumber.put(number, worker);
            lastNumber = Math.max(lastNumber, number);
        }

        /** Silence is the only sign of death that every carrier gives. */
        void tick(long nowNanos) {
            long lease = options.lease().toNanos();
            for (Map.Entry<Integer, Worker> entry : List.copyOf(workers.entrySet())) {
                Worker worker = entry.getValue();
                if (!worker.isWelcomed()) {
                    giveUpUnlessItReports(entry.getKey(), worker, nowNanos);
                    continue;
                }
                long silence = worker.tick(nowNanos, lease);
                if (silence > lease && worker.number() != MASTER) {
                    expel(entry.getKey(), String.format(Locale.ROOT, "it has been silent for %.1f s", silence * 1e-9));
                }
            }
        }

        /** For one that has joined later: without those of the start the pool is not opened. */
        private void giveUpUnlessItReports(int peer, Worker worker, long nowNanos) {
            if (admission.isOpen()
                    && worker.awaited(nowNanos) > options.startTimeout().toNanos()) {
                expel(
                        peer,
                        "it has not reported within " + options.startTimeout().toSeconds() + " s");
            }
        }

        private void expel(int peer, String reason) {
            boolean replaced = transport.expel(peer);
            onPeerLost(peer, new PeerLoss(reason, "", replaced));
        }

        @Override
        public void onFrame(int peer, ByteBuffer frame) {
            Worker worker = workers.get(peer);
            if (worker == null) {
                return; // a late message of a worker that was given up
            }
            ToMaster message;
            try {
                message = worker.receive(frame);
            } catch (ProtocolException e) {
                expel(peer, String.valueOf(e.getMessage()));
                return;
            }
            if (message == null) {
                framesWithoutAction++;
            } else {
                message.accept(new MessageHandler(peer, worker));
            }
        }

        /** Takes the messages of one worker. */
        private final class MessageHandler implements ToMaster.Handler {
            private final int peer;
            private final Worker worker;

            MessageHandler(int peer, Worker worker) {
                this.peer = peer;
                this.worker = worker;
            }

            @Override
            public void onHello(Message.Hello hello) {
                if (worker.saidHello()) {
                    expel(peer, "it said hello twice");
                } else {
                    admission.onHello(worker, hello);
                }
            }

            @Override
            public void onReady(Message.Ready ready) {
                if (worker.isWelcomed() && !worker.isReady()) {
                    admission.onReady(worker, ready);
                } else {
                    expel(peer, "it reported that it is ready when nothing had asked it to");
                }
            }

            @Override
            public void onResult(Message.Result result) {
                WorkerGroup.this.onResult(peer, worker, result);
            }

            @Override
            public void onChunkLost(Message.ChunkLost lost) {
                listener().onChunkLost(worker, lost);
            }

            @Override
            public void onClassWanted(Message.ClassWanted wanted) {
                listener().onClassWanted(worker, wanted);
            }

            @Override
            public void onLeave(Message.Leave leave) {
                WorkerGroup.this.onLeave(worker);
            }
        }

        private void onLeave(Worker worker) {
            if (worker.isReady()) {
                worker.setLeaving();
                listener().onLeaving(worker);
            } else if (worker.saidHello()) {
                dismiss(worker);
            }
        }

        private void onResult(int peer, Worker worker, Message.Result result) {
            if (result.abandoned() > 0 && policy == WorkerPolicy.REPLACED) {
                // a thread that hangs is ended with its process
                listener().onResult(worker, result.withoutAbandoned());
                expel(peer, "it hangs past its timeout");
            } else {
                listener().onResult(worker, result);
            }
        }

        @Override
        public void onPeerJoined(int peer) {
            replacements = Math.max(0, replacements - 1);
            add(peer, lastNumber + 1);
        }

        @Override
        public void onPeerLost(int peer, PeerLoss loss) {
            Worker worker = workers.remove(peer);
            if (worker != null) {
                lose(worker, loss);
            }
        }
    }
}
