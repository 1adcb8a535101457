package org.astropool.internal.transport.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.client.impl.protocol.ClientMessage;
import com.hazelcast.client.impl.protocol.codec.ClientAuthenticationCodec;
import com.hazelcast.client.impl.protocol.codec.ClientPingCodec;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.astropool.internal.transport.CommunicationThread;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of message that a client of Hazelcast can send, sent by a stranger and by somebody who knows the secret.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ClientProtocolTest {
    private static final String CODECS = "com.hazelcast.client.impl.protocol.codec";

    @TempDir
    private Path folder;

    private final CommunicationThread thread = new CommunicationThread("master", false);
    private Secret secret;
    private HazelcastMaster master;

    /** A request with arguments that say nothing. */
    private record Request(String name, int type, ClientMessage message) {}

    @BeforeEach
    void listen() throws Exception {
        secret = Secret.create(folder.resolve("secret"));
        master = HazelcastMaster.open(new Endpoint("127.0.0.1", 0), 1, secret, thread);
        thread.start();
    }

    @AfterEach
    void close() {
        master.close();
        thread.stop();
    }

    private static List<Request> requests() throws Exception {
        List<Request> requests = new ArrayList<>();
        URI jar = URI.create(
                "jar:" + Hazelcast.class.getProtectionDomain().getCodeSource().getLocation());
        try (FileSystem files = FileSystems.newFileSystem(jar, Map.of());
                Stream<Path> codecs = Files.list(files.getPath(CODECS.replace('.', '/')))) {
            for (Path file : codecs.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith("Codec.class")) {
                    Class<?> codec = Class.forName(CODECS + "." + name.replace(".class", ""));
                    int type = codec.getField("REQUEST_MESSAGE_TYPE").getInt(null);
                    requests.add(new Request(codec.getSimpleName(), type, request(codec, type)));
                }
            }
        }
        return requests;
    }

    private static ClientMessage request(Class<?> codec, int type) {
        ClientMessage message;
        try {
            Method encode = Stream.of(codec.getMethods())
                    .filter(method -> method.getName().equals("encodeRequest"))
                    .findFirst()
                    .orElseThrow();
            message = (ClientMessage) encode.invoke(
                    null,
                    Stream.of(encode.getParameterTypes())
                            .map(ClientProtocolTest::nothing)
                            .toArray());
        } catch (ReflectiveOperationException | RuntimeException e) {
            message = empty(type); // arguments that cannot be made up here
        }
        message.setCorrelationId(1);
        message.setPartitionId(0);
        return message;
    }

    private static ClientMessage empty(int type) {
        ClientMessage message = ClientMessage.createForEncode();
        ClientMessage.Frame frame = new ClientMessage.Frame(new byte[64], ClientMessage.UNFRAGMENTED_MESSAGE);
        message.add(frame);
        message.setMessageType(type);
        return message;
    }

    private static Object nothing(Class<?> type) {
        if (type == String.class) {
            return "x";
        } else if (type == boolean.class) {
            return false;
        } else if (type == float.class) {
            return 0f;
        } else if (type.isPrimitive()) {
            return Array.get(Array.newInstance(type, 1), 0);
        } else if (type == UUID.class) {
            return new UUID(0, 0);
        } else if (type.isAssignableFrom(List.class)) {
            return List.of();
        } else if (type.isAssignableFrom(Set.class)) {
            return Set.of();
        } else if (type.isAssignableFrom(Map.class)) {
            return Map.of();
        }
        return null;
    }

    private static Socket connect(Endpoint endpoint) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(5_000);
        socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), 5_000);
        socket.getOutputStream().write("CP2".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** What the other side says before it closes the connection, or until it has said nothing for a while. */
    private static byte[] answer(Endpoint endpoint, ClientMessage message) throws IOException {
        try (Socket socket = connect(endpoint)) {
            socket.getOutputStream().write(RawWorker.bytes(message));
            InputStream in = socket.getInputStream();
            return in.readNBytes(64);
        } catch (SocketException e) {
            return new byte[0]; // reset
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        }
    }

    @Test
    void anUnprotectedMemberAnswersToAStranger() throws Exception {
        Config config = new Config();
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.getJetConfig().setEnabled(false);
        config.getNetworkConfig().setPort(0).getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
        try {
            Endpoint endpoint = new Endpoint(
                    "127.0.0.1",
                    member.getCluster().getLocalMember().getSocketAddress().getPort());
            List<Request> requests = new ArrayList<>(requests());
            // last those after which a member answers no longer
            requests.sort(Comparator.comparing(
                    (Request request) -> request.name.contains("Shutdown") || request.name.contains("ClusterState")));
            int answered = 0;
            for (Request request : requests) {
                answered += answer(endpoint, request.message).length > 0 ? 1 : 0;
            }
            // Some requests end the member or its partitions; how many come before them depends on the order.
            assertThat(answered).as("what this test sends is understood").isGreaterThan(requests.size() / 2);
        } finally {
            member.getLifecycleService().terminate();
        }
    }

    @Test
    void aStrangerIsAnsweredToNoRequest() throws Exception {
        List<Request> requests = requests();
        assertThat(requests).as("the kinds of Hazelcast 5.6").hasSizeGreaterThan(450);
        ExecutorService strangers = Executors.newFixedThreadPool(16);
        try {
            Map<String, Future<byte[]>> answers = new LinkedHashMap<>();
            for (Request request : requests) {
                answers.put(request.name, strangers.submit(() -> answer(master.endpoint(), request.message)));
            }
            for (Map.Entry<String, Future<byte[]>> entry : answers.entrySet()) {
                // the refusal by the master's own handshake, or nothing
                assertThat(entry.getValue().get())
                        .as(entry.getKey())
                        .satisfiesAnyOf(
                                none -> assertThat(none).isEmpty(),
                                refusal -> assertThat(refusal).hasSize(33).startsWith(0));
            }
        } finally {
            strangers.shutdownNow();
        }
        assertStillThere();
    }

    @Test
    void aWorkerThatSendsWhatNoWorkerSendsIsCutOff() throws Exception {
        int admitted = 0;
        for (Request request : requests()) {
            try (RawWorker worker = authenticated()) {
                worker.say(request.message);
                if (AdmittedMessages.contains(request.type)) {
                    admitted++;
                } else {
                    assertThat(worker.isEnded()).as(request.name).isTrue();
                }
            }
        }
        assertThat(admitted).isEqualTo(7);
        assertStillThere();
    }

    /** One that Hazelcast has authenticated, too. */
    private RawWorker authenticated() throws Exception {
        RawWorker worker = new RawWorker(master.endpoint(), secret);
        ClientMessage authentication = ClientAuthenticationCodec.encodeRequest(
                secret.clusterName(),
                null,
                null,
                UUID.randomUUID(),
                "JVM",
                (byte) 1,
                "5.6.0",
                "raw",
                List.of(),
                (byte) 0,
                false);
        authentication.setCorrelationId(1);
        authentication.setPartitionId(-1);
        worker.say(authentication);
        ClientAuthenticationCodec.ResponseParameters response = ClientAuthenticationCodec.decodeResponse(worker.hear());
        assertThat(response.status).as("authenticated").isZero();
        return worker;
    }

    @Test
    void anAuthenticatedWorkerIsAnsweredToWhatIsAdmitted() throws Exception {
        try (RawWorker worker = authenticated()) {
            ClientMessage ping = ClientPingCodec.encodeRequest();
            ping.setCorrelationId(2);
            ping.setPartitionId(-1);
            worker.say(ping);
            assertThat(worker.hear().getCorrelationId()).isEqualTo(2);
        }
    }

    private void assertStillThere() throws Exception {
        assertThat(master.members()).isEqualTo(1);
        try (HazelcastWorker worker = HazelcastWorker.join(master.endpoint(), secret, Duration.ofSeconds(20))) {
            assertThat(worker.rank()).isPositive();
        }
    }
}
