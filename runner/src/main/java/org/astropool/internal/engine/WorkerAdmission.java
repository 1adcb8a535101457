package org.astropool.internal.engine;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.astropool.internal.carrier.WorkerPolicy;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.transport.CommunicationThread;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a worker becomes one of the pool: its hello is checked, it is welcomed with its number of threads, and it reports
 * that it is ready, or it is refused. Belongs to the communication thread, except for {@link #opened}.
 *
 * <p>Nothing is evaluated before every expected worker has reported: a rank with another version, or one that cannot
 * start, is then an error before anything begins, and threads can be shared out by who shares processors with whom.
 */
final class WorkerAdmission {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerAdmission.class);

    private final Workers workers;
    private final CommunicationThread communication;
    private final WorkerPolicy policy;
    private final PoolOptions options;
    private final byte[] initializer;
    private final WorkerIdentity identity;
    private final long startDeadlineNanos;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private boolean welcomed;

    /** Parameters as those of {@link Workers}. */
    WorkerAdmission(
            Workers workers,
            CommunicationThread communication,
            WorkerPolicy policy,
            PoolOptions options,
            byte[] initializer,
            WorkerIdentity identity,
            LongSupplier nanoClock) {
        this.workers = workers;
        this.communication = communication;
        this.policy = policy;
        this.options = options;
        this.initializer = initializer;
        this.identity = identity;
        this.startDeadlineNanos = nanoClock.getAsLong() + options.startTimeout().toNanos();
    }

    /** Completes when every worker is ready; exceptionally with a {@link PoolException}. */
    CompletableFuture<Void> opened() {
        return opened;
    }

    boolean isOpen() {
        return opened.isDone();
    }

    /** The pool cannot be opened, or not any more. */
    void fail(PoolException cause) {
        opened.completeExceptionally(cause);
    }

    /** Welcomes the workers of the start when all have said hello, or gives up the start when that takes too long. */
    void poll(long nowNanos) {
        if (!welcomed && workers.allArePresent() && workers.all().stream().allMatch(Worker::saidHello)) {
            welcomed = true;
            welcomeAll();
        }
        if (!isOpen() && nowNanos - startDeadlineNanos > 0) {
            giveUpStart();
        }
    }

    private void giveUpStart() {
        boolean hellosAreMissing = !workers.all().stream().allMatch(Worker::saidHello);
        List<Integer> silent = workers.all().stream()
                .filter(worker -> hellosAreMissing ? !worker.saidHello() : !worker.isReady())
                .map(Worker::number)
                .toList();
        fail(new PoolException(
                Reason.ENVIRONMENT,
                "workers " + silent + " have not reported within "
                        + options.startTimeout().toSeconds()
                        + " s; does every rank run the same command, and does their initializer return?"));
    }

    private void welcomeAll() {
        CoreShares shares = new CoreShares();
        shares.add(identity.host(), identity.affinity(), identity.processors());
        for (Worker worker : workers.all()) {
            shares.add(worker.host(), worker.hello().affinity(), worker.hello().processors());
        }
        synchronized (workers.activity()) {
            workers.activity().cores(shares.total());
        }
        int masterThreads = masterThreads(shares);
        for (Worker worker : workers.all()) {
            welcome(worker, threads(worker.hello(), shares));
        }
        if (masterThreads > 0) {
            startMasterWorker(masterThreads);
        } else if (workers.all().isEmpty()) {
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

    private int masterThreads(CoreShares shares) {
        boolean asked = options.threads() > 0;
        int share = asked ? options.threads() : shares.of(identity.host(), identity.affinity(), identity.processors());
        int cores = asked ? 1 : options.coresPerTask();
        if (workers.all().isEmpty() && policy != WorkerPolicy.OPEN) {
            return Math.max(1, share / cores);
        }
        return switch (options.masterEvaluates()) {
            case YES -> Math.max(1, share / cores);
            case NO -> 0;
            case AUTO -> (share - 1) / cores; // one processor is for the communication thread
        };
    }

    private void startMasterWorker(int threads) {
        List<LocalCarrier> ends = LocalCarrier.network(communication, communication);
        Transport here = ends.get(0).openNext();
        Transport there = ends.get(1).openNext();
        workers.addMaster(here);
        communication.add(new WorkerLoop(
                there, communication, workers.classes(), identity, threads, PoolSession.childSettings(options)));
    }

    void onHello(Worker worker, Message.Hello hello) {
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
            welcome(worker, threads(hello, new CoreShares())); // the master's own, or one that joins later
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

    /** Refuses a worker that wants to join a pool, which continues without it. */
    private void refuse(Worker worker, String host, String reason) {
        LOG.warn("worker {} on {} is refused: it {}", worker.number(), host, reason);
        worker.send(new Message.Stop("this worker " + reason));
        workers.forget(worker);
    }

    void onReady(Worker worker, Message.Ready ready) {
        if (!ready.problem().isEmpty() && policy == WorkerPolicy.OPEN && isOpen()) {
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
        if (isOpen() && policy == WorkerPolicy.OPEN) {
            options.workerOutput().accept("worker " + worker.number() + " on " + worker.host() + " has joined");
        }
        WorkerInfo info = worker.info();
        synchronized (workers.activity()) {
            workers.activity().ready(worker.number(), worker.host(), info.pid(), worker.threads());
        }
        workers.events().report(to -> to.workerJoined(info));
        workers.listener().onReady(worker);
        if (workers.allArePresent() && workers.all().stream().allMatch(Worker::isReady)) {
            opened.complete(null);
        }
    }

    /**
     * A worker is lost, perhaps before the pool is open, which then fails.
     *
     * @return whether it was lost in the start and nobody takes its place
     */
    boolean failsStart(Worker worker, PeerLoss loss) {
        if (isOpen() || loss.replaced()) {
            return false;
        }
        fail(new PoolException(
                Reason.ENVIRONMENT,
                "worker " + worker.number() + " could not begin: " + loss.reason()
                        + (loss.lastWords().isEmpty() ? "" : "; it said: " + loss.lastWords())));
        return true;
    }
}
