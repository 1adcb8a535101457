package org.astropool.transport.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.topic.ITopic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.astropool.transport.Agent;
import org.astropool.transport.CarrierException;
import org.astropool.transport.CommunicationThread;
import org.astropool.transport.FrameHandler;
import org.astropool.transport.PeerLoss;
import org.astropool.transport.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What somebody can do who reaches the port, with Hazelcast itself as the tool, but does not know the secret. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HazelcastSecurityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How often an object of {@link Trap} was deserialized in this JVM, which is the master's and the worker's. */
    private static final AtomicInteger SPRUNG = new AtomicInteger();

    @TempDir
    Path folder;

    private final CommunicationThread thread = new CommunicationThread("master", false);
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<PeerLoss> lost = new LinkedBlockingQueue<>();
    private Secret secret;
    private HazelcastMaster master;

    /** What an attacker would like to have deserialized. */
    static final class Trap implements Runnable, Serializable {
        private static final long serialVersionUID = 1;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            SPRUNG.incrementAndGet();
        }

        @Override
        public void run() {
            SPRUNG.incrementAndGet();
        }
    }

    /** Takes down what a transport delivers. */
    private final class Ear implements Agent, FrameHandler {
        private final Transport transport;

        Ear(Transport transport) {
            this.transport = transport;
        }

        @Override
        public int turn(long nowNanos) {
            return transport.poll(this);
        }

        @Override
        public Urgency urgency() {
            return Urgency.LOW;
        }

        @Override
        public void failed(Throwable cause) {
            received.add(cause.toString());
        }

        @Override
        public void onFrame(int peer, ByteBuffer frame) {
            received.add(StandardCharsets.UTF_8.decode(frame).toString());
        }

        @Override
        public void onPeerLost(int peer, PeerLoss loss) {
            lost.add(loss);
        }
    }

    @BeforeEach
    void listen() throws CarrierException {
        SPRUNG.set(0);
        secret = Secret.create(folder.resolve("secret"));
        master = HazelcastMaster.open(new Endpoint("127.0.0.1", 0), 1, secret, thread);
        thread.add(new Ear(master.openNext()));
        thread.start();
    }

    @AfterEach
    void close() {
        master.close();
        thread.stop();
    }

    private HazelcastInstance stranger() {
        ClientConfig config = new ClientConfig();
        config.setClusterName("astropool");
        config.getNetworkConfig().addAddress(master.endpoint().toString());
        return HazelcastClient.newHazelcastClient(config);
    }

    private HazelcastWorker join() throws CarrierException {
        return HazelcastWorker.join(master.endpoint(), secret, PATIENCE);
    }

    private static void send(HazelcastWorker worker, Transport transport, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        worker.thread().add(new Agent() {
            private boolean done;

            @Override
            public int turn(long nowNanos) {
                if (!done) {
                    done = true;
                    transport.send(0, transport.acquire(bytes.length).put(bytes).flip());
                }
                return 0;
            }

            @Override
            public Urgency urgency() {
                return Urgency.LOW;
            }

            @Override
            public void failed(Throwable cause) {
                throw new AssertionError(cause);
            }
        });
    }

    private String take() throws InterruptedException {
        return received.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void aWorkerWithAnotherSecretIsRefusedAndTheMasterSaysSoOnceWithItsAddress() throws Exception {
        Secret other = Secret.create(folder.resolve("other"));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> HazelcastWorker.join(master.endpoint(), other, PATIENCE))
                        .isInstanceOf(HazelcastWorker.RefusedException.class)
                        .hasMessageContaining("another secret")
                        .hasMessageContaining(master.endpoint().toString());
            }
        } finally {
            System.setErr(before);
        }
        assertThat(said.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("was refused")))
                .singleElement()
                .asString()
                .contains("a worker at 127.0.0.1:");
    }

    @Test
    void anObjectOfAnyClassChangesNothing() throws Exception {
        try (HazelcastWorker worker = join()) {
            Transport transport = worker.openNext();
            HazelcastInstance stranger = stranger();
            try {
                for (var object : stranger.getDistributedObjects()) {
                    if (object instanceof ITopic<?> topic) {
                        publish(topic, new Trap());
                    }
                }
                publish(stranger.getTopic(HazelcastMaster.LOBBY), new Trap());
                stranger.getExecutorService("any").execute(new Trap());
                stranger.getMap("any").put("key", new Trap());
                assertThatThrownBy(() -> stranger.getExecutorService("any")
                                .submit(new Trap())
                                .get())
                        .isInstanceOf(Exception.class);

                send(worker, transport, "still here");
                assertThat(take()).isEqualTo("still here");
            } finally {
                stranger.shutdown();
            }
        }
        assertThat(SPRUNG).hasValue(0);
    }

    @SuppressWarnings("unchecked")
    private static void publish(ITopic<?> topic, Object message) {
        ((ITopic<Object>) topic).publish(message);
    }

    @Test
    void replayedAndAlteredFramesAreDropped() throws Exception {
        HazelcastInstance stranger = stranger();
        try (HazelcastWorker worker = join()) {
            Transport transport = worker.openNext();
            List<ITopic<Object>> topics = new ArrayList<>();
            List<byte[]> overheard = new ArrayList<>();
            BlockingQueue<Boolean> heard = new LinkedBlockingQueue<>();
            for (var object : stranger.getDistributedObjects()) {
                if (object.getName().startsWith("master ")) {
                    ITopic<Object> topic = stranger.getTopic(object.getName());
                    topics.add(topic);
                    topic.addMessageListener(message -> {
                        overheard.add((byte[]) message.getMessageObject());
                        heard.add(true);
                    });
                }
            }
            assertThat(topics).hasSize(1);
            send(worker, transport, "one");
            assertThat(take()).isEqualTo("one");
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isTrue();
            byte[] genuine = overheard.get(0);

            topics.get(0).publish(genuine.clone());
            for (int bit = 0; bit < genuine.length * 8; bit += 7) {
                byte[] altered = genuine.clone();
                altered[bit / 8] ^= (byte) (1 << bit % 8);
                topics.get(0).publish(altered);
            }
            topics.get(0).publish(new byte[0]);
            topics.get(0).publish("text");

            send(worker, transport, "two");
            assertThat(take()).isEqualTo("two");
            assertThat(received).isEmpty();
            assertThat(lost).isEmpty();
        } finally {
            stranger.shutdown();
        }
    }

    @Test
    void aRepeatedHelloAndProofAdmitNobody() throws Exception {
        HazelcastInstance stranger = stranger();
        try {
            List<byte[]> overheard = new ArrayList<>();
            ITopic<Object> lobby = stranger.getTopic(HazelcastMaster.LOBBY);
            BlockingQueue<Boolean> heard = new LinkedBlockingQueue<>();
            lobby.addMessageListener(message -> {
                overheard.add((byte[]) message.getMessageObject());
                heard.add(true);
            });
            HazelcastWorker worker = join();
            assertThat(worker.rank()).isEqualTo(1);
            for (int i = 0; i < 2; i++) {
                assertThat(heard.poll(20, TimeUnit.SECONDS)).isTrue();
            }
            worker.close();
            for (byte[] note : List.copyOf(overheard)) {
                lobby.publish(note);
            }
            try (HazelcastWorker next = join()) {
                assertThat(next.rank()).as("the replay was given no number").isEqualTo(2);
            }
        } finally {
            stranger.shutdown();
        }
    }

    @Test
    void noOtherMemberJoins() {
        Config config = new Config();
        config.setClusterName("astropool");
        config.setProperty("hazelcast.max.join.seconds", "3");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.getJetConfig().setEnabled(false);
        config.getNetworkConfig().setPort(0).getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig()
                .getJoin()
                .getTcpIpConfig()
                .setEnabled(true)
                .addMember(master.endpoint().toString());
        HazelcastInstance intruder = null;
        try {
            intruder = Hazelcast.newHazelcastInstance(config);
            assertThat(intruder.getCluster().getMembers())
                    .as("it is alone, in a cluster of its own")
                    .hasSize(1);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("failed");
        } finally {
            if (intruder != null) {
                intruder.getLifecycleService().terminate();
            }
        }
        assertThat(master.members()).isEqualTo(1);
    }

    @Test
    void itListensAtTheChosenAddressAlone() throws Exception {
        int port = master.endpoint().port();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            assertThat(socket.isConnected()).isTrue();
        }
        try (Socket socket = new Socket()) {
            InetSocketAddress other = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), port);
            assertThatThrownBy(() -> socket.connect(other, 1000)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aSecretFileThatOthersMayUseIsRefused() throws Exception {
        Path file = folder.resolve("wide");
        Secret.create(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        for (String mode : List.of("rw-r--r--", "rw--w----", "rw----r--", "rwx--x---")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            assertThatThrownBy(() -> Secret.read(file))
                    .isInstanceOf(CarrierException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(mode)
                    .hasMessageContaining("0600");
        }
    }

    @Test
    void aShortSecretIsRefused() throws Exception {
        Path file = folder.resolve("short");
        Secret.create(file);
        Files.writeString(file, "12345\n");
        assertThatThrownBy(() -> Secret.read(file))
                .isInstanceOf(CarrierException.class)
                .hasMessageContaining("5 characters");
    }
}
