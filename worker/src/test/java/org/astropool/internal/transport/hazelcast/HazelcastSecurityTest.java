package org.astropool.internal.transport.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.transport.Agent;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.FrameHandler;
import org.astropool.internal.transport.PeerLoss;
import org.astropool.internal.transport.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is admitted by whom, and what becomes of a connection that somebody meddles with. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HazelcastSecurityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final CommunicationThread thread = new CommunicationThread("master", false);
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<PeerLoss> lost = new LinkedBlockingQueue<>();
    private Secret secret;
    private HazelcastMaster master;

    /** Takes down what a transport delivers. */
    private final class Ear implements Agent, FrameHandler {
        private final Transport transport;

        Ear(Transport transport) {
            this.transport = transport;
        }

        @Override
        public int doWork(long nowNanos) {
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

    private HazelcastWorker join() throws CarrierException {
        return HazelcastWorker.join(master.endpoint(), secret, PATIENCE);
    }

    private static void send(HazelcastWorker worker, Transport transport, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        worker.thread().add(new Agent() {
            private boolean done;

            @Override
            public int doWork(long nowNanos) {
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
                .contains("a connection from 127.0.0.1:");
    }

    private HazelcastWorker joinThrough(Eavesdropper eavesdropper) throws CarrierException {
        return HazelcastWorker.join(eavesdropper.endpoint(), secret, PATIENCE);
    }

    @Test
    void whatIsSentCannotBeRead() throws Exception {
        String content = "a frame of text that everybody would recognize";
        try (Eavesdropper eavesdropper = new Eavesdropper(master.endpoint());
                HazelcastWorker worker = joinThrough(eavesdropper)) {
            Transport transport = worker.openNext();
            send(worker, transport, content);
            assertThat(take()).isEqualTo(content);

            String said = new String(eavesdropper.said(), StandardCharsets.ISO_8859_1);
            assertThat(said)
                    .startsWith("astropool")
                    .doesNotContain(content)
                    .doesNotContain(secret.clusterName())
                    .doesNotContain("master ")
                    .doesNotContain(HazelcastMaster.LOBBY);
        }
    }

    @Test
    void anAlteredRecordEndsTheConnectionAndIsNotDelivered() throws Exception {
        try (Eavesdropper eavesdropper = new Eavesdropper(master.endpoint());
                HazelcastWorker worker = joinThrough(eavesdropper)) {
            Transport transport = worker.openNext();
            send(worker, transport, "one");
            assertThat(take()).isEqualTo("one");

            eavesdropper.alterNext();
            send(worker, transport, "two");

            assertThat(lost.poll(20, TimeUnit.SECONDS)).isNotNull();
            assertThat(received).isEmpty();
        }
    }

    @Test
    void whatAWorkerHasSaidBeforeIsOfNoUse() throws Exception {
        try (Eavesdropper eavesdropper = new Eavesdropper(master.endpoint())) {
            HazelcastWorker worker = joinThrough(eavesdropper);
            assertThat(worker.rank()).isEqualTo(1);
            Transport transport = worker.openNext();
            send(worker, transport, "one");
            assertThat(take()).isEqualTo("one");
            worker.close();

            try (Socket socket = connect()) {
                socket.setSoTimeout(20_000);
                try {
                    socket.getOutputStream().write(eavesdropper.said());
                    socket.getInputStream().readAllBytes();
                } catch (java.net.SocketException e) {
                    // reset, since the master has not read all of it
                }
            }
            try (HazelcastWorker next = join()) {
                assertThat(next.rank()).as("the replay was given no number").isEqualTo(2);
            }
            assertThat(received).isEmpty();
        }
    }

    @Test
    void aWorkerTellsNothingToWhoeverTakesTheMastersPlace() throws Exception {
        Secret theirs = Secret.create(folder.resolve("theirs"));
        try (ServerSocket impostor = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            CompletableFuture<byte[]> heard = CompletableFuture.supplyAsync(() -> {
                try (Socket worker = impostor.accept()) {
                    byte[] hello = worker.getInputStream().readNBytes(42);
                    byte[] answer = Handshake.ofMaster(theirs).take(ByteBuffer.wrap(hello));
                    worker.getOutputStream().write(answer);
                    byte[] proof = worker.getInputStream().readNBytes(32);
                    ByteBuffer false33 = ByteBuffer.allocate(33).put((byte) 2).put(proof);
                    worker.getOutputStream().write(false33.array());
                    return worker.getInputStream().readAllBytes();
                } catch (IOException | Handshake.FailedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Endpoint there = new Endpoint("127.0.0.1", impostor.getLocalPort());

            assertThatThrownBy(() -> HazelcastWorker.join(there, secret, PATIENCE))
                    .isInstanceOf(CarrierException.class)
                    .isNotInstanceOf(HazelcastWorker.RefusedException.class)
                    .hasMessageContaining(there.toString())
                    .hasMessageContaining("does not know the secret");

            assertThat(heard.get(20, TimeUnit.SECONDS))
                    .as("said after the impostor has failed to prove itself")
                    .isEmpty();
        }
    }

    @Test
    void strangersWhoSayNothingKeepNobodyOut() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * ConnectionAdmission.MAX_WAITING; i++) {
                silent.add(connect());
            }
            try (HazelcastWorker worker = join()) {
                assertThat(worker.rank()).isEqualTo(1);
            }
            for (Socket socket : silent) {
                socket.setSoTimeout((int) (4 * ConnectionAdmission.HANDSHAKE_MILLIS));
                assertThat(isClosed(socket))
                        .as("after some seconds at the latest")
                        .isTrue();
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), master.endpoint().port());
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    @Test
    void theMasterSaysWhenHazelcastWasShutDownInItsProcess() throws Exception {
        BlockingQueue<String> failures = new LinkedBlockingQueue<>();
        master.onFailure(failures::add);

        Hazelcast.getAllHazelcastInstances().forEach(HazelcastInstance::shutdown);

        assertThat(failures.poll(15, TimeUnit.SECONDS)).contains("was shut down");
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
