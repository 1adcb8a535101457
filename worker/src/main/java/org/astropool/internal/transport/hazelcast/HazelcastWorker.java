package org.astropool.internal.transport.hazelcast;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.impl.clientside.HazelcastClientInstanceImpl;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.topic.ITopic;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.ChannelMultiplexer;
import org.astropool.internal.transport.ChannelTransport;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.MultiplexedCarrier;
import org.astropool.internal.transport.PeerLoss;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's side: it communicates with peer 0, the master, only. When the connection ends, or the master gives up this
 * worker, the master is lost; the process may then join again, as another peer.
 */
public final class HazelcastWorker extends MultiplexedCarrier {
    private static final int MASTER = 0;
    private static final long ANSWER_SECONDS = 15;
    private static final long SHUTDOWN_MILLIS = 2_000;
    private static final long STOP_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(HazelcastWorker.class);

    /** The master refuses this worker; trying again is useless. */
    public static final class RefusedException extends CarrierException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    private record Admission(int peer, int size, int firstChannel) {}

    private final HazelcastInstance client;
    private final Endpoint master;
    private final String name = JoinRequest.newSession();
    private final Session session;
    private final ITopic<Object> fromMaster;
    private final ITopic<Object> toMaster;
    private final CommunicationThread thread = new CommunicationThread("astropool communication", false);
    private final CompletableFuture<Admission> admission = new CompletableFuture<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable ChannelMultiplexer multiplexer;

    private HazelcastWorker(HazelcastInstance client, Endpoint master) {
        this.client = client;
        this.master = master;
        this.session = new Session(this::publish);
        this.fromMaster = client.getTopic(Session.topicToWorker(name));
        this.toMaster = client.getTopic(Session.topicToMaster(name));
    }

    /**
     * Joins a master, waiting until there is one.
     *
     * @param patience how long to wait for it
     * @throws RefusedException when the master refuses this worker, for instance because of its secret
     * @throws CarrierException when there is none
     */
    public static HazelcastWorker join(Endpoint master, Secret secret, Duration patience) throws CarrierException {
        InetAddress address = master.address();
        Applicant applicant = new Applicant(secret);
        HazelcastInstance client;
        try {
            client = HazelcastClient.newHazelcastClient(
                    HazelcastSettings.worker(address, master.port(), Math.max(1, patience.toMillis()), applicant));
        } catch (RuntimeException e) {
            throw applicant.reason(master, patience, e);
        }
        HazelcastWorker worker = new HazelcastWorker(client, master);
        try {
            worker.introduceItself();
            return worker;
        } catch (CarrierException | RuntimeException e) {
            client.getLifecycleService().terminate();
            throw e;
        }
    }

    private void introduceItself() throws CarrierException {
        Session.listen(fromMaster, this::received);
        client.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleState.CLIENT_DISCONNECTED || event.getState() == LifecycleState.SHUTDOWN) {
                lostMaster("the connection to " + master + " was closed");
            }
        });
        client.getTopic(HazelcastMaster.LOBBY)
                .publish(new JoinRequest(name, client.getLocalEndpoint().getUuid()).bytes());
        await(admission);
        thread.start();
    }

    private static final class Applicant implements WorkerExtension.Identity {
        private final Secret secret;
        private volatile Handshake.@Nullable FailedException failure;
        private volatile @Nullable HazelcastClientInstanceImpl client;

        Applicant(Secret secret) {
            this.secret = secret;
        }

        @Override
        public Secret secret() {
            return secret;
        }

        @Override
        public void started(HazelcastClientInstanceImpl started) {
            client = started;
        }

        /** On a thread of the client, which must not try again. */
        @Override
        public void failed(Handshake.FailedException reason) {
            failure = reason;
            HazelcastClientInstanceImpl failed = client;
            if (failed != null) {
                Thread ending = new Thread(() -> failed.getLifecycleService().terminate(), "astropool refused");
                ending.setDaemon(true);
                ending.start();
            }
        }

        /** Why there is no client. */
        CarrierException reason(Endpoint master, Duration patience, RuntimeException cause) {
            Handshake.FailedException failed = failure;
            if (failed == null) {
                return new CarrierException(
                        "no master of astropool answered at " + master + " within " + patience.toMillis() / 1000
                                + " s; is it running with --pool hazelcast, and is its port open to this machine?",
                        cause);
            }
            return failed.refusal() == null
                    ? new CarrierException("the connection to " + master + " was ended: " + failed.getMessage(), failed)
                    : new RefusedException("the master at " + master + " refuses this worker: " + failed.getMessage());
        }
    }

    private void await(CompletableFuture<Admission> answer) throws CarrierException {
        try {
            answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CarrierException known ? known : new CarrierException(e.toString(), e);
        } catch (TimeoutException e) {
            throw new CarrierException(
                    "the process that listens at " + master + " did not answer within " + ANSWER_SECONDS
                            + " s; is it a master of this version of astropool?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CarrierException("interrupted while joining " + master, e);
        }
    }

    private void publish(byte[] bytes, Runnable left) {
        underWay.incrementAndGet();
        // On the thread that receives the event: Hazelcast's default is a new thread each time where there are two
        // processors.
        toMaster.publishAsync(bytes)
                .whenCompleteAsync(
                        (done, failure) -> {
                            underWay.decrementAndGet();
                            left.run();
                        },
                        Runnable::run);
    }

    /** On Hazelcast's thread. */
    private void received(byte[] bytes) {
        NumberedFrames.Opened opened = session.open(bytes);
        if (opened == null) {
            return;
        }
        ChannelMultiplexer known = multiplexer;
        if (opened.missing() > 0) {
            lostMaster(opened.missing() + " of its frames were lost");
        } else if (opened.channel() == Session.DISMISSAL) {
            lostMaster("it has given up this worker");
        } else if (known != null) {
            known.received(MASTER, opened.channel(), opened.frame());
            thread.wakeUp();
        } else if (opened.channel() == Session.ADMISSION) {
            ByteBuffer frame = opened.frame();
            Admission admitted = new Admission(frame.getInt(), frame.getInt(), frame.getInt());
            ChannelMultiplexer made = new ChannelMultiplexer(
                    admitted.peer,
                    admitted.size,
                    HazelcastMaster.MAX_FRAME_BYTES,
                    admitted.firstChannel,
                    thread,
                    peer -> false);
            made.joined(MASTER, session);
            multiplexer = made;
            admission.complete(admitted);
        }
    }

    private void lostMaster(String reason) {
        admission.completeExceptionally(new CarrierException(reason));
        ChannelMultiplexer known = multiplexer;
        if (known != null && !closed.get()) {
            known.lost(MASTER, new PeerLoss(reason));
        }
    }

    @Override
    protected ChannelMultiplexer multiplexer() {
        return java.util.Objects.requireNonNull(multiplexer, "join() waits for it");
    }

    @Override
    public String description() {
        return "Hazelcast " + HazelcastProvider.version();
    }

    @Override
    public CommunicationThread thread() {
        return thread;
    }

    /** Ends this process; the master sees it as lost and goes on. */
    @Override
    public void abort(int exitCode, String reason) {
        LOG.error("Aborting: {}", reason);
        Runtime.getRuntime().halt(exitCode);
    }

    /** Sends what was sent, waiting for that at most 2 s, and tells the master that this worker leaves. Idempotent. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        thread.stop();
        try {
            if (!thread.isCurrent()) {
                thread.join(STOP_MILLIS);
            }
            if (client.getLifecycleService().isRunning()) {
                session.send(Session.FAREWELL, ChannelTransport.allocate(0), () -> {});
                awaitSent();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debug("the last message was not sent", e); // the connection has ended before
        } finally {
            client.getLifecycleService().terminate();
        }
    }

    private void awaitSent() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SHUTDOWN_MILLIS);
        while (underWay.get() > 0 && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
