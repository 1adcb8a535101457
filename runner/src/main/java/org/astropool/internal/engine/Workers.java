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
import org.astropool.internal.carrier.WorkerPolicy;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.ProtocolException;
import org.astropool.internal.protocol.ToMaster;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.FrameHandler;
import org.astropool.internal.transport.PeerLoss;
import org.astropool.internal.transport.Transport;
import org.astropool.internal.transport.local.LocalCarrier;
import org.astropool.internal.worker.CodeDigest;
import org.astropool.internal.worker.WorkerIdentity;
import org.astropool.internal.worker.WorkerLoop;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolException.Reason;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.WorkerInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of a pool, from their hello to their end: the remote ones at the other ends of a transport, and the one
 * in the master's own process. Belongs to the communication thread, but for {@link #opened}, {@link #infos},
 * {@link #slots} and {@link #maxFrameBytes}.
 *
 * <p>Nothing is evaluated before every expected worker has reported: a rank with another version, or one that cannot
 * start, is then an error before anything begins, and threads can be shared out by who shares processors with whom.
 */
public final class Workers {

    /** Takes what workers say after they have reported. */
    interface Listener {
        void onReady(Worker worker);

        void onResult(Worker worker, Message.Result result);

        /** The worker evaluates no more, others do. */
        void onLost(Worker worker, PeerLoss loss);

        /** The worker wants to end after what it has begun. */
        void onLeaving(Worker worker);

        /** The child process in which the worker evaluated a chunk has died; the worker goes on. */
        void onChunkLost(Worker worker, Message.ChunkLost lost);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final int MASTER = 0;
    private static final int TICKS_A_LEASE = 50;

    private final CommunicationThread communication;
    private final PoolOptions options;
    private final byte[] initializer;
    private final WorkerIdentity identity;
    private final WorkerPolicy policy;
    private final long startDeadlineNanos;
    private final List<Link> links = new ArrayList<>();
    private final List<Worker> workers = new CopyOnWriteArrayList<>();
    private final List<Worker> lost = new CopyOnWriteArrayList<>();
    private final Map<Integer, Worker> byNumber = new HashMap<>();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private @Nullable Listener listener;
    private volatile int maxFrameBytes = Integer.MAX_VALUE;
    private boolean welcomed;
    private boolean stopping;
    private int expected;
    private int lastNumber;
    private long lastTickNanos;
    /** Frames that were no messages to act on: they are no reason to expect more. */
    private int signsOfLife;

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
        this.communication = communication;
        this.options = options;
        this.initializer = initializer;
        this.identity = identity;
        this.policy = policy;
        this.startDeadlineNanos = nanoClock.getAsLong() + options.startTimeout().toNanos();
        if (remote != null) {
            Link link = new Link(remote);
            for (int peer = 1; peer < remote.size(); peer++) {
                link.add(peer, peer);
            }
        }
    }

    void listen(Listener to) {
        listener = to;
    }

    /** Completes when every worker is ready; exceptionally with a {@link PoolException}. */
    CompletableFuture<Void> opened() {
        return opened;
    }

    /** Those that are here, then those that were lost and had begun. */
    List<WorkerInfo> infos() {
        return Stream.concat(workers.stream(), lost.stream())
                .filter(Worker::saidHello)
                .map(Worker::info)
                .sorted(Comparator.comparingInt(WorkerInfo::number))
                .toList();
    }

    /** Whether there is nobody left, and nobody to come. */
    boolean areGone() {
        return workers.isEmpty() && expected == 0 && policy != WorkerPolicy.OPEN;
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

    /** How long a frame to any of them may be. From any thread, when the pool is open. */
    int maxFrameBytes() {
        return maxFrameBytes;
    }

    /** Evaluation threads of all workers. */
    int slots() {
        return workers.stream().mapToInt(Worker::threads).sum();
    }

    int abandonedThreads() {
        return workers.stream().mapToInt(Worker::abandoned).sum();
    }

    int poll(long nowNanos) {
        if (!welcomed && expected == 0 && workers.stream().allMatch(Worker::saidHello)) {
            welcomed = true;
            welcome();
        }
        if (!opened.isDone() && nowNanos - startDeadlineNanos > 0) {
            giveUpStart();
        }
        signsOfLife = 0;
        int frames = 0;
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            frames += link.transport.poll(link);
        }
        if (nowNanos - lastTickNanos > options.lease().toNanos() / TICKS_A_LEASE) {
            lastTickNanos = nowNanos;
            links.forEach(link -> link.tick(nowNanos));
        }
        return frames - signsOfLife;
    }

    /**
     * Ends the workers.
     *
     * @param failure why the master failed, or ""
     */
    void stop(String failure) {
        stopping = true;
        for (Link link : links) {
            link.workers.values().forEach(worker -> worker.send(new Message.Stop(failure)));
        }
    }

    /** Whether everything that was sent has left this process. */
    boolean allSent() {
        return links.stream().allMatch(link -> link.transport.pendingSends() == 0);
    }

    void close() {
        links.forEach(link -> link.transport.close());
    }

    /** The pool cannot be opened, or not any more. */
    void fail(PoolException cause) {
        opened.completeExceptionally(cause);
    }

    private void giveUpStart() {
        boolean hellosAreMissing = !workers.stream().allMatch(Worker::saidHello);
        List<Integer> silent = workers.stream()
                .filter(worker -> hellosAreMissing ? !worker.saidHello() : !worker.isReady())
                .map(Worker::number)
                .toList();
        fail(new PoolException(
                Reason.ENVIRONMENT,
                "workers " + silent + " have not reported within "
                        + options.startTimeout().toSeconds()
                        + " s; does every rank run the same command, and does their initializer return?"));
    }

    private void welcome() {
        CoreShares shares = new CoreShares();
        shares.add(identity.host(), identity.affinity());
        for (Worker worker : workers) {
            shares.add(worker.host(), worker.hello().affinity());
        }
        int own = ownThreads(shares);
        for (Worker worker : workers) {
            welcome(worker, threads(worker.hello(), shares));
        }
        if (own > 0) {
            startOwnWorker(own);
        } else if (workers.isEmpty()) {
            opened.complete(null); // others will join
        }
    }

    private int threads(Message.Hello hello, CoreShares shares) {
        int share = shares.of(hello.host(), hello.affinity(), hello.processors());
        return hello.threads() > 0 ? hello.threads() : Math.max(1, share / options.coresPerTask());
    }

    private void welcome(Worker worker, int threads) {
        boolean isolated =
                options.isolated() && policy != WorkerPolicy.REPLACED; // such a worker is a process of its own already
        worker.welcome(threads, isolated, options.lease().toNanos(), initializer);
    }

    private int ownThreads(CoreShares shares) {
        boolean asked = options.threads() > 0;
        int share = asked ? options.threads() : shares.of(identity.host(), identity.affinity(), identity.processors());
        int cores = asked ? 1 : options.coresPerTask();
        if (workers.isEmpty() && policy != WorkerPolicy.OPEN) {
            return Math.max(1, share / cores);
        }
        return switch (options.masterEvaluates()) {
            case YES -> Math.max(1, share / cores);
            case NO -> 0;
            case AUTO -> (share - 1) / cores; // one processor is for the communication thread
        };
    }

    private void startOwnWorker(int threads) {
        List<LocalCarrier> ends = LocalCarrier.network(communication, communication);
        Transport here = ends.get(0).openNext();
        Transport there = ends.get(1).openNext();
        new Link(here).add(1, MASTER);
        communication.add(
                new WorkerLoop(there, communication, options.classLoader(), identity, threads, options.workerOutput()));
    }

    private void onHello(Worker worker, Message.Hello hello) {
        String mismatch = mismatch(hello);
        if (!mismatch.isEmpty() && policy == WorkerPolicy.OPEN) {
            refuse(worker, hello.host(), mismatch);
            return;
        }
        if (!mismatch.isEmpty()) {
            fail(new PoolException(
                    Reason.ENVIRONMENT,
                    "worker " + worker.number() + " on " + hello.host() + " " + mismatch
                            + "; start every rank from the same installation"));
            return;
        }
        worker.hello(hello);
        if (welcomed) {
            welcome(worker, threads(hello, new CoreShares())); // our own, or one that joins later
        }
    }

    /** Why results of this worker could differ, or "". */
    private String mismatch(Message.Hello hello) {
        if (hello.protocol() != Message.VERSION || !hello.release().equals(identity.release())) {
            return "runs astropool " + hello.release() + " (protocol " + hello.protocol() + "), but the master on "
                    + identity.host() + " runs " + identity.release() + " (protocol " + Message.VERSION + ")";
        }
        String difference = hello.code().isEmpty() || identity.code().isEmpty()
                ? ""
                : new CodeDigest(identity.code()).differenceOf(new CodeDigest(hello.code()));
        return difference.isEmpty() ? "" : "has other code than the master: " + difference;
    }

    /** One that joins a pool that goes on without it. */
    private void refuse(Worker worker, String host, String reason) {
        LOG.warn("worker {} on {} is refused: it {}", worker.number(), host, reason);
        worker.send(new Message.Stop("this worker " + reason));
        forget(worker);
    }

    private void forget(Worker worker) {
        workers.remove(worker);
        byNumber.remove(worker.number());
        links.forEach(link -> link.workers.values().remove(worker));
    }

    /** The worker, which has nothing to do any more, may end. */
    void dismiss(Worker worker) {
        options.workerOutput().accept("worker " + worker.number() + " on " + worker.host() + " leaves");
        worker.send(new Message.Stop(""));
        lost.add(worker); // its deeds count, but it was not lost
        forget(worker);
    }

    private void onReady(Worker worker, Message.Ready ready) {
        if (!ready.problem().isEmpty() && policy == WorkerPolicy.OPEN && opened.isDone()) {
            refuse(worker, worker.host(), "cannot run the initializer: " + ready.problem());
            return;
        }
        if (!ready.problem().isEmpty()) {
            fail(new PoolException(
                    Reason.ENVIRONMENT,
                    "the initializer failed on worker " + worker.number() + " on " + worker.host() + ": "
                            + ready.problem()));
            return;
        }
        worker.setReady();
        if (opened.isDone() && policy == WorkerPolicy.OPEN) {
            options.workerOutput().accept("worker " + worker.number() + " on " + worker.host() + " has joined");
        }
        listener().onReady(worker);
        if (expected == 0 && workers.stream().allMatch(Worker::isReady)) {
            opened.complete(null);
        }
    }

    private Listener listener() {
        return java.util.Objects.requireNonNull(listener, "listen() comes before the first turn");
    }

    private void lose(Worker worker, PeerLoss loss) {
        workers.remove(worker);
        byNumber.remove(worker.number());
        if (stopping) {
            return;
        }
        boolean wasReady = worker.isReady();
        worker.setLost();
        lost.add(worker);
        expected += loss.replaced() ? 1 : 0;
        LOG.warn(
                "worker {}{} is lost: {}{}",
                worker.number(),
                worker.saidHello() ? " on " + worker.host() : "",
                loss.reason(),
                loss.replaced() ? "; another one takes its place" : "");
        if (!opened.isDone() && !loss.replaced()) {
            fail(new PoolException(
                    Reason.ENVIRONMENT,
                    "worker " + worker.number() + " could not begin: " + loss.reason()
                            + (loss.lastWords().isEmpty() ? "" : "; it said: " + loss.lastWords())));
        } else if (wasReady || areGone()) {
            listener().onLost(worker, loss);
        }
    }

    /** A transport and the workers at its other ends. */
    private final class Link implements FrameHandler {
        private final Transport transport;
        private final Map<Integer, Worker> workers = new HashMap<>();

        Link(Transport transport) {
            this.transport = transport;
            maxFrameBytes = Math.min(maxFrameBytes, transport.maxFrameBytes());
            links.add(this);
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

        /** One that takes the place of another: those of the start are awaited, or the pool is not opened. */
        private void giveUpUnlessItReports(int peer, Worker worker, long nowNanos) {
            if (opened.isDone()
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
                return; // late words of one that was given up
            }
            ToMaster message;
            try {
                message = worker.receive(frame);
            } catch (ProtocolException e) {
                expel(peer, String.valueOf(e.getMessage()));
                return;
            }
            if (message == null) {
                signsOfLife++;
            } else {
                message.accept(new MessageHandler(peer, worker));
            }
        }

        /** What one worker says. */
        private final class MessageHandler implements ToMaster.Handler {
            private final int peer;
            private final Worker worker;

            MessageHandler(int peer, Worker worker) {
                this.peer = peer;
                this.worker = worker;
            }

            @Override
            public void onHello(Message.Hello hello) {
                Workers.this.onHello(worker, hello);
            }

            @Override
            public void onReady(Message.Ready ready) {
                Workers.this.onReady(worker, ready);
            }

            @Override
            public void onResult(Message.Result result) {
                Link.this.onResult(peer, worker, result);
            }

            @Override
            public void onChunkLost(Message.ChunkLost lost) {
                listener().onChunkLost(worker, lost);
            }

            @Override
            public void onLeave(Message.Leave leave) {
                Link.this.onLeave(worker);
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
            expected = Math.max(0, expected - 1);
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
