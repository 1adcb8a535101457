package org.astropool.pool;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.astropool.pool.PoolException.Reason;
import org.astropool.protocol.Message;
import org.astropool.transport.CommunicationThread;
import org.astropool.transport.FrameHandler;
import org.astropool.transport.Transport;
import org.astropool.transport.local.LocalCarrier;
import org.astropool.worker.WorkerIdentity;
import org.astropool.worker.WorkerLoop;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a pool, from their hello to their end: the remote ones at the other ends of a transport, and the one
 * in the master's own process. Belongs to the communication thread, but for {@link #opened}, {@link #infos} and {@link #slots}.
 *
 * <p>Nothing is evaluated before every expected worker has reported: a rank with another version, or one that cannot
 * start, is then an error before anything begins, and threads can be shared out by who shares processors with whom.
 */
final class Workers {

    /** Takes what workers say after they have reported. */
    interface Listener {
        void onReady(Worker worker);

        void onResult(Worker worker, Message.Result result);

        void onLost(Worker worker, String reason);
    }

    private static final int MASTER = 0;

    private final CommunicationThread communication;
    private final PoolOptions options;
    private final byte[] initializer;
    private final WorkerIdentity identity;
    private final long startDeadlineNanos;
    private final List<Link> links = new ArrayList<>();
    private final List<Worker> workers = new CopyOnWriteArrayList<>();
    private final Map<Integer, Worker> byNumber = new HashMap<>();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private @Nullable Listener listener;
    private boolean welcomed;

    /**
     * @param remote the transport to the other processes, or null when this process is alone
     * @param initializer serialized, or empty
     */
    Workers(
            CommunicationThread communication,
            @Nullable Transport remote,
            PoolOptions options,
            byte[] initializer,
            WorkerIdentity identity) {
        this.communication = communication;
        this.options = options;
        this.initializer = initializer;
        this.identity = identity;
        this.startDeadlineNanos = System.nanoTime() + options.startTimeout().toNanos();
        if (remote != null) {
            Link link = new Link(remote);
            for (int peer = 1; peer < remote.size(); peer++) {
                link.add(peer, new Worker(remote, peer, peer));
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

    List<WorkerInfo> infos() {
        return workers.stream().map(Worker::info).toList();
    }

    List<Worker> ready() {
        return workers.stream().filter(Worker::isReady).toList();
    }

    @Nullable
    Worker byNumber(int number) {
        return byNumber.get(number);
    }

    /** Evaluation threads of all workers. */
    int slots() {
        return workers.stream().mapToInt(Worker::threads).sum();
    }

    int abandonedThreads() {
        return workers.stream().mapToInt(Worker::abandoned).sum();
    }

    int poll(long nowNanos) {
        if (!welcomed && workers.stream().allMatch(Worker::saidHello)) {
            welcomed = true;
            welcome();
        }
        if (!opened.isDone() && nowNanos - startDeadlineNanos > 0) {
            giveUpStart();
        }
        int work = 0;
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            work += link.transport.poll(link);
        }
        return work;
    }

    /**
     * Ends the workers.
     *
     * @param failure why the master failed, or ""
     */
    void stop(String failure) {
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
        List<Integer> silent = workers.stream()
                .filter(worker -> !worker.isReady())
                .map(Worker::number)
                .toList();
        fail(new PoolException(
                Reason.ENVIRONMENT,
                "workers " + silent + " have not reported within "
                        + options.startTimeout().toSeconds()
                        + " s; does every rank run the same command, and does their initializer return?"));
    }

    private void welcome() {
        ThreadShares shares = new ThreadShares(identity.host(), identity.affinity());
        for (Worker worker : workers) {
            shares.add(worker.host(), worker.hello().affinity());
        }
        int own = ownThreads(shares);
        for (Worker worker : workers) {
            int asked = worker.hello().threads();
            int share = shares.of(worker.host(), worker.hello().affinity());
            worker.welcome(asked > 0 ? asked : share, initializer);
        }
        if (own > 0) {
            startOwnWorker(own);
        }
    }

    private int ownThreads(ThreadShares shares) {
        int share = options.threads() > 0 ? options.threads() : shares.of(identity.host(), identity.affinity());
        if (workers.isEmpty()) {
            return share;
        }
        return switch (options.masterEvaluates()) {
            case YES -> share;
            case NO -> 0;
            case AUTO -> share - 1; // one processor is for the communication thread
        };
    }

    private void startOwnWorker(int threads) {
        List<LocalCarrier> ends = LocalCarrier.network(communication, communication);
        Transport here = ends.get(0).openNext();
        Transport there = ends.get(1).openNext();
        new Link(here).add(1, new Worker(here, 1, MASTER));
        communication.add(new WorkerLoop(there, communication, options.classLoader(), identity, threads));
    }

    private void onHello(Worker worker, Message.Hello hello) {
        if (hello.protocol() != Message.VERSION || !hello.release().equals(identity.release())) {
            fail(new PoolException(
                    Reason.ENVIRONMENT,
                    "worker " + worker.number() + " on " + hello.host() + " runs astropool " + hello.release()
                            + " (protocol " + hello.protocol() + "), but the master on " + identity.host()
                            + " runs " + identity.release() + " (protocol " + Message.VERSION
                            + "); start every rank from the same installation"));
            return;
        }
        worker.hello(hello);
        if (welcomed) {
            worker.welcome(hello.threads(), initializer); // our own, which begins when all others have reported
        }
    }

    private void onReady(Worker worker, Message.Ready ready) {
        if (!ready.problem().isEmpty()) {
            fail(new PoolException(
                    Reason.ENVIRONMENT,
                    "the initializer failed on worker " + worker.number() + " on " + worker.host() + ": "
                            + ready.problem()));
            return;
        }
        worker.setReady();
        listener().onReady(worker);
        if (workers.stream().allMatch(Worker::isReady)) {
            opened.complete(null);
        }
    }

    private Listener listener() {
        return java.util.Objects.requireNonNull(listener, "listen() comes before the first turn");
    }

    /** A transport and the workers at its other ends. */
    private final class Link implements FrameHandler {
        private final Transport transport;
        private final Map<Integer, Worker> workers = new HashMap<>();

        Link(Transport transport) {
            this.transport = transport;
            links.add(this);
        }

        void add(int peer, Worker worker) {
            workers.put(peer, worker);
            Workers.this.workers.add(worker);
            byNumber.put(worker.number(), worker);
        }

        @Override
        public void onFrame(int peer, ByteBuffer frame) {
            Worker worker = workers.get(peer);
            if (worker == null) {
                throw new IllegalStateException("a frame from peer " + peer + ", who is no worker");
            }
            Message message = Message.read(frame);
            if (message instanceof Message.Result result) {
                listener().onResult(worker, result);
            } else if (message instanceof Message.Hello hello) {
                onHello(worker, hello);
            } else if (message instanceof Message.Ready ready) {
                onReady(worker, ready);
            } else {
                throw new IllegalStateException("a message that no master gets: " + message);
            }
        }

        @Override
        public void onPeerLost(int peer, String reason) {
            Worker worker = workers.remove(peer);
            if (worker != null) {
                Workers.this.workers.remove(worker);
                byNumber.remove(worker.number());
                listener().onLost(worker, reason);
            }
        }
    }
}
