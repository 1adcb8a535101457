package org.astropool.internal.transport.hazelcast;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.impl.clientside.HazelcastClientInstanceImpl;
import com.hazelcast.client.impl.protocol.ClientMessage;
import com.hazelcast.client.impl.protocol.codec.MCChangeClusterStateCodec;
import com.hazelcast.client.impl.protocol.codec.MCGetMemberConfigCodec;
import com.hazelcast.client.impl.protocol.codec.MCGetSystemPropertiesCodec;
import com.hazelcast.client.impl.protocol.codec.MCGetThreadDumpCodec;
import com.hazelcast.client.impl.protocol.codec.MCSetDiagnosticsConfigCodec;
import com.hazelcast.client.impl.protocol.codec.MCShutdownMemberCodec;
import com.hazelcast.client.impl.spi.impl.ClientInvocation;
import com.hazelcast.config.Config;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.config.TopicConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.topic.ITopic;
import com.hazelcast.topic.Message;
import com.hazelcast.topic.MessageListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Somebody who reaches the port of a member of Hazelcast, with Hazelcast itself as the tool, in a process of its own.
 *
 * <p>Arguments: host, port, name of the cluster, a folder that everybody may write to, a secret file or "-", names of
 * {@link Attack}s. Prints a line for each: its name, and {@value #SUCCEEDED} or {@value #REFUSED} and why.
 */
public final class Attacker {
    static final String SUCCEEDED = "succeeded";
    static final String REFUSED = "refused";

    private static final long PATIENCE_MILLIS = 3_000;
    private static final int TIMEOUT_SECONDS = 5;

    /** What the attacker's process tries; each returns whether it had an effect. */
    enum Attack {
        /** A task of a class that is on the victim's class path, in the Compact format, whose filter is none. */
        RUN_TASK(attacker -> {
            Path mark = attacker.mark();
            attacker.client()
                    .getExecutorService("any")
                    .submit(new MarkingTask(mark.toString()))
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return Files.exists(mark);
        }),
        RUN_TASK_BY_SCHEDULED_EXECUTOR(attacker -> {
            Path mark = attacker.mark();
            attacker.client()
                    .getScheduledExecutorService("any")
                    .schedule(new MarkingTask(mark.toString()), 0, TimeUnit.SECONDS)
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return Files.exists(mark);
        }),
        RUN_TASK_BY_DURABLE_EXECUTOR(attacker -> {
            Path mark = attacker.mark();
            attacker.client()
                    .getDurableExecutorService("any")
                    .submit(new MarkingTask(mark.toString()))
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return Files.exists(mark);
        }),
        RUN_ENTRY_PROCESSOR(attacker -> {
            Path mark = attacker.mark();
            attacker.client().<String, String>getMap("any").executeOnKey("key", new MarkingProcessor(mark.toString()));
            return Files.exists(mark);
        }),
        INSTANTIATE_LISTENER(attacker -> {
            Path mark = attacker.mark();
            attacker.client()
                    .getConfig()
                    .addTopicConfig(new TopicConfig(mark.toString())
                            .addMessageListenerConfig(new ListenerConfig(MarkingListener.class.getName())));
            attacker.client().getTopic(mark.toString()).publish(mark.toString());
            return awaitFile(mark);
        }),
        CREATE_MAP(attacker -> {
            Map<String, String> map = attacker.client().getMap("any");
            map.put("key", "value");
            return "value".equals(map.get("key"));
        }),
        CREATE_QUEUE(attacker -> attacker.client().getQueue("any").offer("x")),
        LIST_OBJECTS(attacker -> !attacker.client().getDistributedObjects().isEmpty()),
        LISTEN_TO_LOBBY(attacker -> listen(attacker.client().getTopic(HazelcastMaster.LOBBY))),
        DESTROY_LOBBY(attacker -> {
            attacker.client().getTopic(HazelcastMaster.LOBBY).destroy();
            return true;
        }),
        READ_SYSTEM_PROPERTIES(attacker -> attacker.answers(MCGetSystemPropertiesCodec.encodeRequest())),
        READ_THREAD_DUMP(attacker -> attacker.answers(MCGetThreadDumpCodec.encodeRequest(false))),
        READ_CONFIGURATION(attacker -> attacker.answers(MCGetMemberConfigCodec.encodeRequest())),
        WRITE_DIAGNOSTICS(attacker -> attacker.answers(MCSetDiagnosticsConfigCodec.encodeRequest(
                true, "FILE", true, 1, 1, attacker.folder.toString(), "diagnostics", Map.of(), 1))),
        /** The state in which other members may join. */
        ACTIVATE_CLUSTER(attacker -> attacker.answers(MCChangeClusterStateCodec.encodeRequest(0))),
        JOIN_AS_MEMBER(Attacker::joinsAsMember),
        SPEAK_AS_MEMBER(attacker -> attacker.getsBytes("HZC".getBytes(StandardCharsets.US_ASCII))),
        SPEAK_AS_CLIENT(attacker -> attacker.staysOpen("CP2".getBytes(StandardCharsets.US_ASCII))),
        SPEAK_HTTP(attacker ->
                attacker.getsBytes("GET /hazelcast/health HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII))),
        SPEAK_MEMCACHED(attacker -> attacker.getsBytes("version\r\n".getBytes(StandardCharsets.US_ASCII))),
        /** The last one: it leaves nothing to attack. */
        SHUT_DOWN_MEMBER(attacker -> {
            try {
                attacker.answers(MCShutdownMemberCodec.encodeRequest());
            } catch (ExecutionException e) {
                // a member that ends closes the connection, as one that refuses does
            }
            return attacker.awaitClosedPort();
        });

        private final Action action;

        Attack(Action action) {
            this.action = action;
        }
    }

    private interface Action {
        boolean succeeds(Attacker attacker) throws Exception;
    }

    /** A task as the victim has many: not serializable, so that Hazelcast sends it as Compact. */
    public static final class MarkingTask implements Callable<Boolean> {
        private String file;

        /** For Hazelcast. */
        public MarkingTask() {}

        MarkingTask(String file) {
            this.file = file;
        }

        @Override
        public Boolean call() throws IOException {
            Files.writeString(Path.of(file), "run");
            return true;
        }
    }

    /** The same for the data of a map. */
    public static final class MarkingProcessor implements EntryProcessor<String, String, Boolean> {
        private static final long serialVersionUID = 1;

        private String file;

        /** For Hazelcast. */
        public MarkingProcessor() {}

        MarkingProcessor(String file) {
            this.file = file;
        }

        @Override
        public Boolean process(Map.Entry<String, String> entry) {
            try {
                Files.writeString(Path.of(file), "run");
                return true;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Writes the file that the message names. */
    public static final class MarkingListener implements MessageListener<String> {
        @Override
        public void onMessage(Message<String> message) {
            try {
                Files.writeString(Path.of(message.getMessageObject()), "run");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final Endpoint victim;
    private final String cluster;
    private final Path folder;
    private final Secret secret;
    private int marks;
    private HazelcastInstance connected;
    private IllegalStateException noWayIn;

    private Attacker(Endpoint victim, String cluster, Path folder, Secret secret) {
        this.victim = victim;
        this.cluster = cluster;
        this.folder = folder;
        this.secret = secret;
    }

    /** See above. */
    public static void main(String[] arguments) throws Exception {
        Attacker attacker = new Attacker(
                new Endpoint(arguments[0], Integer.parseInt(arguments[1])),
                arguments[2],
                Path.of(arguments[3]),
                arguments[4].equals("-") ? null : Secret.read(Path.of(arguments[4])));
        for (int i = 5; i < arguments.length; i++) {
            Attack attack = Attack.valueOf(arguments[i]);
            String outcome;
            try {
                outcome = attack.action.succeeds(attacker) ? SUCCEEDED : REFUSED + " without effect";
            } catch (Exception e) {
                outcome = REFUSED + " " + e.toString().replaceAll("\\s+", " ");
                attacker.disconnect();
            }
            System.out.println(attack + " " + outcome);
        }
        Runtime.getRuntime().halt(0);
    }

    private Path mark() {
        return folder.resolve("mark-" + ProcessHandle.current().pid() + "-" + ++marks);
    }

    private HazelcastInstance client() throws Exception {
        if (noWayIn != null) {
            throw new IOException("as before", noWayIn);
        }
        if (connected == null || !connected.getLifecycleService().isRunning()) {
            try {
                connected = HazelcastClient.newHazelcastClient(configuration());
            } catch (IllegalStateException e) {
                noWayIn = e;
                throw e;
            }
        }
        return connected;
    }

    private ClientConfig configuration() throws Exception {
        ClientConfig config;
        if (secret == null) {
            config = new ClientConfig();
            config.getNetworkConfig().addAddress(victim.toString());
            config.setClusterName(cluster);
        } else {
            config = HazelcastSettings.worker(
                    InetAddress.getByName(victim.host()), victim.port(), PATIENCE_MILLIS, new SecretHolder(secret));
        }
        config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(PATIENCE_MILLIS);
        config.setProperty("hazelcast.client.invocation.timeout.seconds", "1");
        return config;
    }

    private void disconnect() {
        if (connected != null) {
            connected.getLifecycleService().terminate();
            connected = null;
        }
    }

    /** A worker's identity that goes on when it is refused. */
    record SecretHolder(Secret secret) implements WorkerExtension.Identity {
        @Override
        public void started(HazelcastClientInstanceImpl client) {
            // it ends by itself
        }

        @Override
        public void failed(Handshake.FailedException failure) {
            // seen when the client cannot connect
        }
    }

    private boolean answers(ClientMessage request) throws Exception {
        HazelcastInstance proxy = client();
        HazelcastClientInstanceImpl internal = (HazelcastClientInstanceImpl)
                proxy.getClass().getField("client").get(proxy);
        new ClientInvocation(internal, request, null).invokeUrgent().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return true;
    }

    private static boolean awaitFile(Path file) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(TIMEOUT_SECONDS).toNanos();
        while (!Files.exists(file) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return Files.exists(file);
    }

    private static boolean listen(ITopic<Object> topic) throws InterruptedException {
        CountDownLatch heard = new CountDownLatch(1);
        topic.addMessageListener(message -> heard.countDown());
        return heard.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private boolean joinsAsMember() {
        Config config = new Config();
        config.setClusterName(cluster);
        config.setProperty("hazelcast.max.join.seconds", "3");
        config.setProperty("hazelcast.partition.count", "1"); // as the victim's, or it would not be admitted
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.getJetConfig().setEnabled(false);
        config.getNetworkConfig().setPort(0).getInterfaces().setEnabled(true).addInterface(victim.host());
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).addMember(victim.toString());
        HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
        try {
            return member.getCluster().getMembers().size() > 1;
        } finally {
            member.getLifecycleService().terminate();
        }
    }

    private boolean getsBytes(byte[] bytes) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes);
            InputStream in = socket.getInputStream();
            // a refusal begins with 0; what speaks one of Hazelcast's protocols does not
            return in.read() > 0;
        }
    }

    private boolean staysOpen(byte[] bytes) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes);
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // whatever it says
            }
            return false;
        } catch (java.net.SocketTimeoutException e) {
            return true;
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout((int) PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(victim.host(), victim.port()), (int) PATIENCE_MILLIS);
        return socket;
    }

    private boolean awaitClosedPort() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(TIMEOUT_SECONDS).toNanos();
        while (System.nanoTime() < deadline) {
            try (Socket socket = connect()) {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (IOException e) {
                return true;
            }
        }
        return false;
    }
}
