package org.astropool.internal.transport.hazelcast;

import com.hazelcast.client.Client;
import com.hazelcast.client.ClientListener;
import com.hazelcast.cluster.ClusterState;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.topic.ITopic;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.ChannelMultiplexer;
import org.astropool.internal.transport.ChannelTransport;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.MultiplexedCarrier;
import org.astropool.internal.transport.PeerLoss;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master's side: peer 0, which admits workers at any time and communicates with each of them. The first ones are
 * peers 1 to n, as many as are expected; the channels are told about the others when they join. Numbers are never
 * reused.
 *
 * <p>All changes of the membership are made on one thread, in order; frames arrive on Hazelcast's.
 */
public final class HazelcastMaster extends MultiplexedCarrier {
    static final int MAX_FRAME_BYTES = 1 << 28;

    static final String LOBBY = "lobby";

    private static final long WATCH_SECONDS = 2;
    /** Workers that hear nothing for this long give up the master. */
    private static final long WITHOUT_ADDRESS_SECONDS = 10;

    private static final long SHUTDOWN_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(HazelcastMaster.class);

    private final HazelcastInstance hazelcast;
    private final Endpoint endpoint;
    private final ChannelMultiplexer multiplexer;
    private final ScheduledExecutorService porter;
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    // belongs to the thread that admits workers
    private final Set<String> knownSessions = new HashSet<>();
    private final Map<UUID, Guest> byClient = new HashMap<>();
    private final Map<Integer, Guest> byPeer = new HashMap<>();
    private int lastPeer;
    private long addressLostAt;

    private HazelcastMaster(
            HazelcastInstance hazelcast,
            Endpoint endpoint,
            int size,
            CommunicationThread thread,
            ScheduledExecutorService porter) {
        this.hazelcast = hazelcast;
        this.endpoint = endpoint;
        this.multiplexer = new ChannelMultiplexer(0, size, MAX_FRAME_BYTES, 0, thread, this::expel);
        this.porter = porter;
    }

    /**
     * Listens.
     *
     * @param where one address of this machine, and a port or 0 for any
     * @param expected how many workers are awaited: they are the peers of the start
     * @param thread the communication thread, which stays the caller's
     * @throws CarrierException when the address is not of this machine, or the port is in use
     */
    public static HazelcastMaster open(Endpoint where, int expected, Secret secret, CommunicationThread thread)
            throws CarrierException {
        InetAddress address = where.ownAddress();
        ScheduledExecutorService porter = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, "astropool porter");
            made.setDaemon(true);
            return made;
        });
        ConnectionAdmission doorkeeper = new ConnectionAdmission(secret, porter);
        HazelcastInstance hazelcast;
        try {
            hazelcast = HazelcastInstanceFactory.newHazelcastInstance(
                    HazelcastSettings.master(address, where.port(), secret), null, new DefaultNodeContext() {
                        @Override
                        public NodeExtension createNodeExtension(Node member) {
                            return new MasterExtension(member, doorkeeper);
                        }
                    });
        } catch (RuntimeException e) {
            porter.shutdownNow();
            throw new CarrierException(
                    "Hazelcast cannot listen at " + where + ": " + e.getMessage()
                            + "; is that an address of this machine (ip addr), and the port free (ss -ltn)?",
                    e);
        }
        hazelcast.getPartitionService().getPartition(LOBBY).getOwner(); // it has one from now on
        hazelcast.getCluster().changeClusterState(ClusterState.FROZEN); // no other member joins
        int port = hazelcast.getCluster().getLocalMember().getSocketAddress().getPort();
        HazelcastMaster master = new HazelcastMaster(
                hazelcast, new Endpoint(address.getHostAddress(), port), 1 + expected, thread, porter);
        master.receive();
        master.watch(address);
        return master;
    }

    /** Where workers can join. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** For tests: how many members the cluster has. */
    int members() {
        return hazelcast.getCluster().getMembers().size();
    }

    private void receive() {
        hazelcast.getClientService().addClientListener(new ClientListener() {
            @Override
            public void clientConnected(Client client) {
                // it will say JoinRequest
            }

            @Override
            public void clientDisconnected(Client client) {
                tell(() -> disconnected(client.getUuid()));
            }
        });
        Session.listen(hazelcast.getTopic(LOBBY), bytes -> {
            JoinRequest hello = JoinRequest.read(bytes);
            if (hello != null) {
                tell(() -> admit(hello));
            }
        });
    }

    /** Calls the listener on another thread, with the reason, when no worker can reach this process any more. */
    @SuppressWarnings("FutureReturnValueIgnored") // nothing comes after it
    public void onFailure(Consumer<String> listener) {
        failure.thenAcceptAsync(listener);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it ends with its thread
    private void watch(InetAddress address) {
        hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleState.SHUTTING_DOWN && !closed.get()) {
                failure.complete("Hazelcast was shut down in this process, so no worker can reach it any more");
            }
        });
        porter.scheduleWithFixedDelay(
                () -> tell(() -> checkAddress(address)), WATCH_SECONDS, WATCH_SECONDS, TimeUnit.SECONDS);
    }

    /** A machine that changes networks loses its address without any notification. */
    private void checkAddress(InetAddress address) {
        boolean there;
        try {
            there = NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            there = false;
        }
        long now = System.nanoTime();
        if (there) {
            addressLostAt = 0;
        } else if (addressLostAt == 0) {
            addressLostAt = now;
        } else if (now - addressLostAt >= TimeUnit.SECONDS.toNanos(WITHOUT_ADDRESS_SECONDS)) {
            failure.complete(address.getHostAddress()
                    + " is no address of this machine any more, so no worker can reach " + endpoint);
        }
    }

    private void tell(Runnable news) {
        try {
            porter.execute(() -> {
                try {
                    news.run();
                } catch (RuntimeException | Error e) {
                    if (!closed.get()) {
                        LOG.error("the reception of workers failed", e);
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            // closed
        }
    }

    private void admit(JoinRequest hello) {
        if (!knownSessions.add(hello.session())) {
            return;
        }
        int peer = ++lastPeer;
        Guest guest = new Guest(peer, hello.session());
        byClient.put(hello.client(), guest);
        byPeer.put(peer, guest);
        guest.begin();
    }

    private void disconnected(UUID client) {
        Guest guest = byClient.remove(client);
        if (guest != null) {
            guest.disconnected();
        }
    }

    /** It is not replaced, but may join again as another peer. */
    private boolean expel(int peer) {
        tell(() -> {
            Guest guest = byPeer.get(peer);
            if (guest != null) {
                guest.dismiss();
            }
        });
        return false;
    }

    /** A worker that was admitted. */
    private final class Guest {
        private final int peer;
        private final String name;
        private final Session session;
        private final ITopic<Object> fromWorker;
        /** Only this process knows it, until the session has ended. */
        private final byte[] end = JoinRequest.newSession().getBytes(StandardCharsets.US_ASCII);

        private volatile boolean left;
        private volatile boolean lost;

        Guest(int peer, String name) {
            this.peer = peer;
            this.name = name;
            this.fromWorker = hazelcast.getTopic(Session.topicToMaster(name));
            ITopic<Object> toWorker = hazelcast.getTopic(Session.topicToWorker(name));
            this.session = new Session((bytes, gone) -> {
                try {
                    toWorker.publish(bytes);
                } finally {
                    gone.run();
                }
            });
        }

        void begin() {
            Session.listen(fromWorker, this::received);
            ByteBuffer admission = ChannelTransport.allocate(3 * Integer.BYTES);
            admission.putInt(peer).putInt(multiplexer.size()).putInt(multiplexer.oldestOpenChannel());
            // The admission is the first frame that the worker gets, and what it answers finds the channels told of it.
            synchronized (session) {
                multiplexer.joined(peer, session);
                session.send(Session.ADMISSION, admission.flip(), () -> {});
            }
        }

        /** On Hazelcast's thread for this topic. */
        private void received(byte[] bytes) {
            if (Arrays.equals(bytes, end)) {
                over();
                return;
            }
            NumberedFrames.Opened opened = session.open(bytes);
            if (opened == null || lost) {
                return;
            }
            if (opened.missing() > 0) {
                lose(opened.missing() + " of its frames were lost");
                tell(this::dismiss);
            } else if (opened.channel() == Session.FAREWELL) {
                left = true;
            } else if (opened.channel() < 0 || opened.channel() >= MAX_CHANNELS) {
                lose("it sent a frame for channel " + opened.channel() + ", which does not exist");
                tell(this::dismiss);
            } else {
                multiplexer.received(peer, opened.channel(), opened.frame());
                multiplexer.thread().wakeUp();
            }
        }

        /** What it has sent before may still wait to be received: the end comes after that. */
        void disconnected() {
            fromWorker.publish(end);
        }

        private void over() {
            if (left) {
                multiplexer.left(peer);
            } else {
                lose("its connection was closed");
            }
            tell(this::forget);
        }

        private void lose(String reason) {
            if (!lost) {
                lost = true;
                multiplexer.lost(peer, new PeerLoss(reason));
            }
        }

        void dismiss() {
            session.send(Session.DISMISSAL, ChannelTransport.allocate(0), () -> {});
            byPeer.remove(peer);
        }

        void forget() {
            byPeer.remove(peer);
            fromWorker.destroy();
            hazelcast.getTopic(Session.topicToWorker(name)).destroy();
        }
    }

    @Override
    protected ChannelMultiplexer multiplexer() {
        return multiplexer;
    }

    @Override
    public String description() {
        return "Hazelcast " + HazelcastProvider.version();
    }

    /** The workers see the connection end. */
    @Override
    public void abort(int exitCode, String reason) {
        LOG.error("Aborting: {}", reason);
        Runtime.getRuntime().halt(exitCode);
    }

    /** Waits at most a second for the workers to leave by themselves. Idempotent. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SHUTDOWN_MILLIS);
        try {
            while (!connected().isEmpty() && System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        porter.shutdownNow();
        hazelcast.getLifecycleService().terminate();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private List<UUID> connected() {
        List<UUID> admitted = new ArrayList<>();
        try {
            porter.submit(() -> admitted.addAll(byClient.keySet())).get();
        } catch (java.util.concurrent.ExecutionException | InterruptedException | RejectedExecutionException e) {
            return List.of();
        }
        return admitted;
    }
}
