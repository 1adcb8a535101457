package org.astropool.internal.transport.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.hazelcast.Attacker.Attack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an {@link Attacker} gets out of an unprotected member, out of a master whose secret it does not know, and out of
 * one whose secret it knows. It is a process of its own, and of another user where the tests are root's.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AttackTest {
    private static final String NOBODY = "65534";
    private static final String CLUSTER = "astropool";
    private static final boolean ROOT = System.getProperty("user.name").equals("root");

    @TempDir
    private static Path folder;

    /** Where the attacker's code leaves its marks. */
    private Path marks;

    private static String classPath;
    private final CommunicationThread thread = new CommunicationThread("master", false);
    private HazelcastMaster master;
    private Process member;

    /** Another user may not see the class path of this one. */
    @BeforeAll
    static void copyClassPath() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> copies = new ArrayList<>();
        String[] parts = System.getProperty("java.class.path").split(File.pathSeparator);
        for (String part : parts) {
            Path source = Path.of(part);
            Path copy = folder.resolve(copies.size() + "-" + source.getFileName());
            if (Files.isDirectory(source)) {
                copyFolder(source, copy);
            } else if (part.contains("hazelcast") || part.contains("slf4j") || part.contains("hkdf")) {
                Files.copy(source, copy);
            } else {
                continue;
            }
            copies.add(copy.toString());
        }
        classPath = String.join(File.pathSeparator, copies);
    }

    private static void copyFolder(Path source, Path target) throws IOException {
        try (Stream<Path> all = Files.walk(source)) {
            for (Path file : all.toList()) {
                Files.copy(file, target.resolve(source.relativize(file).toString()));
            }
        }
    }

    @BeforeEach
    void makeFolder() throws IOException {
        marks = Files.createTempDirectory(folder, "marks");
        Files.setPosixFilePermissions(marks, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @AfterEach
    void close() {
        if (master != null) {
            master.close();
            thread.stop();
        }
        if (member != null) {
            member.destroyForcibly();
        }
    }

    private List<String> java(String main, String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-Dhazelcast.logging.type=slf4j",
                "-cp",
                classPath,
                main));
        words.addAll(List.of(arguments));
        return words;
    }

    private Map<Attack, String> attack(Endpoint victim, String cluster, String secretFile) throws Exception {
        return attack(victim, cluster, secretFile, Attack.values());
    }

    private Map<Attack, String> attack(Endpoint victim, String cluster, String secretFile, Attack... attacks)
            throws Exception {
        List<String> words = new ArrayList<>();
        if (ROOT && secretFile.equals("-")) {
            words.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
        }
        words.addAll(java(Attacker.class.getName(), victim.host(), "" + victim.port(), cluster, marks.toString()));
        words.add(secretFile);
        Stream.of(attacks).map(Attack::name).forEach(words::add);
        Process attacker = new ProcessBuilder(words)
                .directory(marks.toFile())
                .redirectErrorStream(true)
                .start();
        attacker.getOutputStream().close();
        String output = new String(attacker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(attacker.waitFor()).as(output).isZero();
        Map<Attack, String> outcomes = new EnumMap<>(Attack.class);
        output.lines()
                .map(line -> line.split(" ", 2))
                .filter(words2 -> Stream.of(Attack.values())
                        .anyMatch(attack -> attack.name().equals(words2[0])))
                .forEach(words2 -> outcomes.put(Attack.valueOf(words2[0]), words2[1]));
        assertThat(outcomes).as(output).hasSameSizeAs(attacks);
        return outcomes;
    }

    private static Map<Attack, String> with(Map<Attack, String> outcomes, String word) {
        return outcomes.entrySet().stream()
                .filter(entry -> entry.getValue().startsWith(word))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Secret listen() throws Exception {
        Secret secret = Secret.create(Files.createTempDirectory(folder, "run").resolve("secret"));
        master = HazelcastMaster.open(new Endpoint("127.0.0.1", 0), 1, secret, thread);
        thread.start();
        return secret;
    }

    private void assertNothingHappened(Secret secret) throws Exception {
        assertThat(master.members()).isEqualTo(1);
        try (HazelcastWorker worker = HazelcastWorker.join(master.endpoint(), secret, Duration.ofSeconds(20))) {
            assertThat(worker.rank()).as("the lobby is there").isPositive();
        }
        assertThat(marks).isEmptyDirectory();
    }

    @Test
    void eachAttackSucceedsAgainstAnUnprotectedMember() throws Exception {
        member = new ProcessBuilder(java(UnprotectedMember.class.getName(), CLUSTER))
                .directory(marks.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = new BufferedReader(new InputStreamReader(member.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        assertThat(line).startsWith("port ");
        int port = Integer.parseInt(line.substring("port ".length()));

        Map<Attack, String> outcomes = attack(new Endpoint("127.0.0.1", port), CLUSTER, "-");

        assertThat(with(outcomes, Attacker.REFUSED)).isEmpty();
    }

    /**
     * The name is derived from the secret, and sent inside the encrypted connection alone; here it has become known.
     */
    @Test
    void noAttackSucceedsWithoutTheSecretEvenWithTheNameOfTheCluster() throws Exception {
        Secret secret = listen();

        Map<Attack, String> outcomes = attack(master.endpoint(), secret.clusterName(), "-");

        assertThat(with(outcomes, Attacker.SUCCEEDED)).isEmpty();
        assertNothingHappened(secret);
    }

    @Test
    void theSecretOfAnotherRunIsOfNoUse() throws Exception {
        Secret secret = listen();
        Path other = folder.resolve("other-secret");
        Secret.create(other);

        Map<Attack, String> outcomes = attack(master.endpoint(), CLUSTER, other.toString());

        assertThat(with(outcomes, Attacker.SUCCEEDED)).isEmpty();
        assertNothingHappened(secret);
    }

    /** A worker is trusted with its results, not with the master's machine. */
    @Test
    void aWorkerWithTheSecretCanUseNothingOfHazelcastButTopics() throws Exception {
        Path file = folder.resolve("own-secret");
        Secret secret = Secret.create(file);
        master = HazelcastMaster.open(new Endpoint("127.0.0.1", 0), 1, secret, thread);
        thread.start();

        Map<Attack, String> outcomes = attack(master.endpoint(), CLUSTER, file.toString());

        assertThat(with(outcomes, Attacker.SUCCEEDED)).isEmpty();
        assertNothingHappened(secret);
    }

    /**
     * What stands behind the handshake, should somebody get past it: the member as it is configured, without the
     * handshake.
     */
    @Test
    void theSettingsAloneAdmitNoCodeAndNoManagement() throws Exception {
        Secret secret = Secret.create(Files.createTempDirectory(folder, "run").resolve("secret"));
        HazelcastInstance open =
                Hazelcast.newHazelcastInstance(HazelcastSettings.master(InetAddress.getLoopbackAddress(), 0, secret));
        try {
            Endpoint endpoint = new Endpoint(
                    "127.0.0.1",
                    open.getCluster().getLocalMember().getSocketAddress().getPort());

            Map<Attack, String> stranger = attack(endpoint, CLUSTER, "-", Attack.CREATE_MAP);
            Map<Attack, String> outcomes = attack(
                    endpoint,
                    secret.clusterName(),
                    "-",
                    Attack.RUN_TASK,
                    Attack.RUN_TASK_BY_SCHEDULED_EXECUTOR,
                    Attack.RUN_TASK_BY_DURABLE_EXECUTOR,
                    Attack.RUN_ENTRY_PROCESSOR,
                    Attack.INSTANTIATE_LISTENER,
                    Attack.READ_SYSTEM_PROPERTIES,
                    Attack.READ_THREAD_DUMP,
                    Attack.READ_CONFIGURATION,
                    Attack.WRITE_DIAGNOSTICS,
                    Attack.ACTIVATE_CLUSTER,
                    Attack.SPEAK_HTTP,
                    Attack.SPEAK_MEMCACHED,
                    Attack.CREATE_MAP,
                    Attack.SHUT_DOWN_MEMBER);

            assertThat(with(stranger, Attacker.SUCCEEDED)).isEmpty();
            assertThat(with(outcomes, Attacker.SUCCEEDED))
                    .as("it is reached, but it does nothing but store")
                    .containsOnlyKeys(Attack.CREATE_MAP);
            assertThat(marks).isEmptyDirectory();
        } finally {
            open.getLifecycleService().terminate();
        }
    }
}
