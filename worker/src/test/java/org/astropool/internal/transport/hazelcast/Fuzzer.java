package org.astropool.internal.transport.hazelcast;

import com.hazelcast.client.impl.protocol.ClientMessage;
import com.hazelcast.client.impl.protocol.codec.ClientAddClusterViewListenerCodec;
import com.hazelcast.client.impl.protocol.codec.ClientAuthenticationCodec;
import com.hazelcast.client.impl.protocol.codec.ClientCreateProxyCodec;
import com.hazelcast.client.impl.protocol.codec.ClientPingCodec;
import com.hazelcast.client.impl.protocol.codec.TopicAddMessageListenerCodec;
import com.hazelcast.client.impl.protocol.codec.TopicPublishCodec;
import com.hazelcast.client.impl.protocol.codec.TopicRemoveMessageListenerCodec;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.internal.serialization.impl.HeapData;
import com.hazelcast.internal.serialization.impl.SerializationConstants;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Sends random and mutated messages to a master: as a stranger, and as somebody who knows the secret. Arguments: port,
 * secret file, seed, how many messages. Prints how many of each kind it has sent.
 */
public final class Fuzzer {
    /** One in so many connections is that of a worker that is admitted and then sends garbage as its frames. */
    private static final int ADMITTED = 100;

    private final int port;
    private final Secret secret;
    private final Random random;
    private int asStranger;
    private int asWorker;
    private int frames;

    private Fuzzer(int port, Secret secret, long seed) {
        this.port = port;
        this.secret = secret;
        this.random = new Random(seed);
    }

    /** See above. */
    public static void main(String[] arguments) throws Exception {
        Fuzzer fuzzer = new Fuzzer(
                Integer.parseInt(arguments[0]), Secret.read(Path.of(arguments[1])), Long.parseLong(arguments[2]));
        fuzzer.send(Integer.parseInt(arguments[3]));
        System.out.println("seed " + arguments[2] + ": " + fuzzer.asStranger + " messages as a stranger, "
                + fuzzer.asWorker + " with the secret, " + fuzzer.frames + " frames of an admitted worker");
        Runtime.getRuntime().halt(0);
    }

    private void send(int messages) throws Exception {
        for (int connection = 0; asStranger + asWorker + frames < messages; connection++) {
            try {
                if (connection % ADMITTED == ADMITTED - 1) {
                    beAdmitted();
                } else if (connection % 16 == 0) {
                    knowTheSecret();
                } else {
                    beAStranger();
                }
            } catch (IOException e) {
                // the master has closed the connection before all was sent
            }
        }
    }

    private void beAStranger() throws IOException {
        try (Socket socket = connect()) {
            asStranger++;
            OutputStream out = socket.getOutputStream();
            switch (random.nextInt(4)) {
                case 0 -> out.write(noise());
                case 1 -> out.write(mutated(Handshake.ofWorker(secret).opening()));
                case 2 -> {
                    out.write("CP2".getBytes(StandardCharsets.US_ASCII));
                    out.write(mutated(RawWorker.bytes(message())));
                }
                default -> {
                    out.write(Handshake.ofWorker(secret).opening());
                    out.write(noise());
                }
            }
        }
    }

    private Socket connect() {
        try {
            return new Socket(InetAddress.getLoopbackAddress(), port);
        } catch (IOException e) {
            throw new IllegalStateException("there is no master at port " + port + " any more", e);
        }
    }

    /** Messages until the connection is closed. */
    private void knowTheSecret() throws Exception {
        try (RawWorker worker = new RawWorker(new Endpoint("127.0.0.1", port), secret)) {
            if (random.nextBoolean()) {
                worker.say(authentication());
                worker.hear();
            }
            for (int i = 0; i < 20; i++) {
                asWorker++;
                byte[] bytes = random.nextInt(8) == 0 ? noise() : mutated(RawWorker.bytes(message()));
                worker.say(bytes, Math.min(bytes.length, RecordCipher.MAX_PLAIN_BYTES));
            }
        } catch (Handshake.FailedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void beAdmitted() throws Exception {
        try (RawWorker worker = new RawWorker(new Endpoint("127.0.0.1", port), secret)) {
            UUID client = UUID.randomUUID();
            worker.say(authentication());
            worker.hear();
            String session = JoinRequest.newSession();
            worker.say(publish(HazelcastMaster.LOBBY, new JoinRequest(session, client).bytes()));
            NumberedFrames numbers = new NumberedFrames();
            for (int i = 0; i < 40; i++) {
                frames++;
                ByteBuffer content = ByteBuffer.wrap(noise());
                if (random.nextInt(3) == 0 && content.hasRemaining()) {
                    content.put(0, (byte) random.nextInt(14)); // a type that there is
                }
                int channel = random.nextInt(20) == 0 ? random.nextInt() : random.nextInt(2);
                worker.say(publish(Session.topicToMaster(session), numbers.pack(channel, content)));
            }
        }
    }

    private ClientMessage authentication() {
        ClientMessage message = ClientAuthenticationCodec.encodeRequest(
                secret.clusterName(),
                null,
                null,
                UUID.randomUUID(),
                "JVM",
                (byte) 1,
                "5.6.0",
                "fuzz",
                List.of(),
                (byte) 0,
                false);
        return numbered(message, -1);
    }

    private ClientMessage message() {
        byte[] noise = noise();
        return switch (random.nextInt(7)) {
            case 0 -> authentication();
            case 1 -> numbered(ClientPingCodec.encodeRequest(), -1);
            case 2 -> numbered(ClientAddClusterViewListenerCodec.encodeRequest(), -1);
            case 3 ->
                numbered(ClientCreateProxyCodec.encodeRequest("t" + random.nextInt(10), "hz:impl:topicService"), -1);
            case 4 -> publish(random.nextBoolean() ? HazelcastMaster.LOBBY : "t" + random.nextInt(10), noise);
            case 5 -> numbered(TopicAddMessageListenerCodec.encodeRequest("t" + random.nextInt(10), false), -1);
            default -> numbered(TopicRemoveMessageListenerCodec.encodeRequest("t", UUID.randomUUID()), -1);
        };
    }

    private ClientMessage publish(String topic, byte[] content) {
        ByteBuffer payload = ByteBuffer.allocate(HeapData.DATA_OFFSET + Integer.BYTES + content.length);
        payload.putInt(0)
                .putInt(SerializationConstants.CONSTANT_TYPE_BYTE_ARRAY)
                .putInt(content.length)
                .put(content);
        Data data = new HeapData(payload.array());
        return numbered(TopicPublishCodec.encodeRequest(topic, data), 0);
    }

    private ClientMessage numbered(ClientMessage message, int partition) {
        message.setCorrelationId(random.nextInt(1000));
        message.setPartitionId(partition);
        return message;
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] mutated(byte[] bytes) {
        byte[] changed = bytes.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && changed.length > 0; i++) {
            int at = random.nextInt(changed.length);
            changed[at] = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> (byte) 0xff;
                case 2 -> (byte) (changed[at] ^ 1 << random.nextInt(8));
                default -> (byte) random.nextInt();
            };
        }
        return random.nextInt(6) == 0 ? java.util.Arrays.copyOf(changed, random.nextInt(changed.length + 1)) : changed;
    }
}
