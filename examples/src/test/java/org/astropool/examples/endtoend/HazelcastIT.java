package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.grack.nanojson.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.astropool.examples.CountedSurvey;
import org.astropool.examples.Troublesome;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.examples.endtoend.Results.Worker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that join a run, leave it, die, and are cut off: {@code --pool hazelcast} and {@code astropool worker}. */
class HazelcastIT {
    private static final Pattern INVITATION = Pattern.compile("--join (\\S+) --secret-file (\\S+)");
    private static final Path NETWORK = Path.of("src/test/sh/network.sh").toAbsolutePath();
    private static final Path SSHD = Path.of("/usr/sbin/sshd");
    private static final String JOINED = "joined as worker";

    @TempDir
    private Path temp;

    /** What the master says that others need to join it. */
    private record Invitation(String address, Path secret) {

        static Invitation of(Running master) throws IOException, InterruptedException {
            master.awaitMessage("others can join");
            Matcher matcher = INVITATION.matcher(master.err());
            assertThat(matcher.find()).isTrue();
            return new Invitation(matcher.group(1), Path.of(matcher.group(2)));
        }

        Command worker() {
            return Command.astropool("worker")
                    .and("--join", address, "--secret-file", secret.toString())
                    .and("--threads", "1");
        }
    }

    /** A worker that has the survey's model, and counts its own evaluations. */
    private Command worker(Invitation invitation, Path evaluations) {
        return invitation
                .worker()
                .and("--class-path", Command.TEST_MODELS.toString())
                .with(CountedSurvey.VARIABLE, evaluations.toString());
    }

    private static long size(Path evaluations) throws IOException {
        return Files.exists(evaluations) ? Files.size(evaluations) : 0;
    }

    @Test
    void workersJoinAndLeaveAndDieAndNothingIsLost() throws Exception {
        Survey survey = Survey.of(temp, 2_000).taking(0.01);
        Running master = survey.on("hazelcast", 1).and("--threads", "1").start();
        Invitation invitation = Invitation.of(master);
        survey.awaitEvaluations(200, master); // 2 s
        List<Path> files = List.of(temp.resolve("worker-2"), temp.resolve("worker-3"));
        List<Running> joined = new ArrayList<>();
        for (Path file : files) {
            joined.add(worker(invitation, file).heedingSignals().start());
        }
        for (int i = 0; i < joined.size(); i++) {
            Running worker = joined.get(i);
            Path file = files.get(i);
            worker.awaitMessage(JOINED);
            long start = System.nanoTime();
            worker.await(() -> size(file) > 0);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("from joining to the first point")
                    .isLessThan(Duration.ofSeconds(2));
        }
        joined.get(0).await(() -> size(files.get(0)) > 50);
        joined.get(1).await(() -> size(files.get(1)) > 50);

        joined.get(0).signal("KILL");
        assertThat(joined.get(0).end().code()).isEqualTo(137);
        joined.get(1).signal("TERM");
        joined.get(1).end().with(143);

        Ended ended = master.end().with(0);
        survey.assertComplete();
        assertThat(ended.err()).contains("worker 2 on", "is lost", "worker 3 on", "leaves");
        long all = survey.evaluations() + size(files.get(0)) + size(files.get(1));
        assertThat(all - survey.points())
                .as("evaluated twice: what the killed worker had begun and not told")
                .isBetween(0L, 40L);
        assertThat(survey.results().workers()).extracting(Worker::rank).containsExactly(1, 2, 3);
        JsonObject ledger = survey.results().summary().getObject("ledger");
        double parts = ledger.keySet().stream().mapToDouble(ledger::getDouble).sum() - ledger.getDouble("allocation");
        assertThat(parts).isCloseTo(ledger.getDouble("allocation"), withinPercentage(1));
        assertThat(survey.results().workers()).allMatch(worker -> worker.evaluated() > 0);
        assertThat(survey.results().summary().getString("carrier")).startsWith("Hazelcast 5");
    }

    @Test
    void whoDoesNotFitIsRefusedAndToldWhy() throws Exception {
        Survey survey = Survey.of(temp, 300).taking(0.03);
        Running master = survey.on("hazelcast", 1).and("--threads", "1").start();
        Invitation invitation = Invitation.of(master);
        Path other = Files.writeString(temp.resolve("other"), "0123456789abcdef0123456789abcdef\n");
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-------"));

        Ended wrongSecret =
                new Invitation(invitation.address, other).worker().run().with(2);
        assertThat(wrongSecret.err()).contains("another secret");
        Ended otherCode = invitation.worker().run().with(2);
        assertThat(otherCode.err()).contains("it lacks test-classes");
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-r-----"));
        Ended wideRights =
                new Invitation(invitation.address, other).worker().run().with(2);
        assertThat(wideRights.err()).contains("rw-r-----", "chmod 600");

        Ended ended = master.end().with(0);
        survey.assertComplete();
        assertThat(ended.err()).contains("a connection from 127.0.0.1:", "is refused: it has other code");
        assertThat(survey.results().workers()).hasSize(1);
        Ended nobody = invitation.worker().and("--wait", "1s").run();
        assertThat(nobody.code()).isEqualTo(2);
    }

    @Test
    void wrongOptionsAreRefusedBeforeAnythingStarts() throws Exception {
        Survey survey = Survey.of(temp, 50);

        Ended port = survey.on("hazelcast", 1)
                .and("--listen", "127.0.0.1:port")
                .run()
                .with(2);
        assertThat(port.err()).contains("\"port\" in \"127.0.0.1:port\" is not a port");
        Ended address =
                survey.on("hazelcast", 1).and("--listen", "192.0.2.1").run().with(2);
        assertThat(address.err()).contains("192.0.2.1", "ip addr");
        Ended all =
                survey.on("hazelcast", 1).and("--listen", "0.0.0.0:5701").run().with(2);
        assertThat(all.err()).contains("all addresses", "name one", "127.0.0.1").doesNotContain("ERROR", "\tat ");
        Ended empty = survey.on("hazelcast", 1).and("--listen", "").run().with(2);
        assertThat(empty.err()).contains("--listen is empty");
        Path secret = Files.writeString(temp.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Ended noPort = Command.astropool("worker", "--join", "localhost", "--secret-file", secret.toString())
                .run()
                .with(2);
        assertThat(noPort.err()).contains("\"localhost\" names no port", "others can join");
        Ended missing =
                Command.astropool("worker", "--join", "127.0.0.1:1").run().with(2);
        assertThat(missing.err()).contains("--secret-file");
    }

    @Test
    void aWorkerBehindACutNetworkIsGivenUpAndJoinsAgain() throws Exception {
        Needs.root("make network namespaces");
        Needs.program("ip", "iproute2");
        network("down").run();
        String here = network("up").run().with(0).out().strip();
        try {
            cutAndMend(here);
        } finally {
            network("down").run();
        }
    }

    private static Command network(String verb) {
        return Command.of(List.of(NETWORK.toString(), verb, "apcable"));
    }

    private void cutAndMend(String here) throws Exception {
        Survey survey = Survey.of(temp, 1_500).taking(0.02);
        Running master = survey.on("hazelcast", 1)
                .and("--threads", "1", "--listen", here)
                .after(NETWORK.toString(), "here", "apcable")
                .start();
        Invitation invitation = Invitation.of(master);
        Path evaluations = temp.resolve("worker-2");
        List<String> words = new ArrayList<>(List.of(NETWORK.toString(), "exec", "apcable"));
        words.addAll(Command.astropoolWords(
                "worker", "--join", invitation.address, "--secret-file", invitation.secret.toString()));
        words.addAll(List.of("--threads", "1", "--class-path", Command.TEST_MODELS.toString()));
        Running worker = Command.of(words)
                .with(CountedSurvey.VARIABLE, evaluations.toString())
                .start();
        worker.awaitMessage(JOINED);
        worker.await(() -> size(evaluations) > 20);

        network("cut").run().with(0);
        long cut = System.nanoTime();
        master.awaitMessage("is lost");
        assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(Duration.ofSeconds(15));
        network("mend").run().with(0);
        worker.await(
                () -> worker.err().lines().filter(line -> line.contains(JOINED)).count() == 2);
        long before = size(evaluations);
        worker.await(() -> size(evaluations) > before + 5);

        Ended ended = master.end().with(0);
        worker.end().with(0);
        survey.assertComplete();
        assertThat(ended.err()).contains("worker 3 on apcable has joined");
        assertThat(survey.evaluations() + size(evaluations) - survey.points())
                .as("evaluated twice: what the worker had while it was cut off")
                .isBetween(0L, 40L);
    }

    /** The master evaluates, and does to itself what a stranger could do to an open member. */
    @Test
    void aMemberThatWasShutDownEndsTheRunResumable() throws Exception {
        Path job = Files.writeString(temp.resolve("job.toml"), """
                job.name = "shut-down"
                model.name = "troublesome"
                model.options.sleep_ms = 20
                [grid]
                trouble = { values = [%d, %d] }
                x = { from = 0.0, to = 1.0, count = 300 }
                """.formatted(
                        Troublesome.Trouble.SLEEPS.ordinal(), Troublesome.Trouble.SHUTS_HAZELCAST_DOWN.ordinal()));
        Path out = temp.resolve("out");
        Command run = Command.astropool("run", job.toString())
                .and("--pool", "hazelcast", "--workers", "1", "--threads", "1", "--master-evaluates", "yes")
                .and("--class-path", Command.TEST_MODELS.toString(), "--out", out.toString());
        long start = System.nanoTime();

        Ended ended = run.run().with(4);

        assertThat(ended.err()).contains("Hazelcast was shut down in this process", "--resume");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(90));
        assertThat(new Results(out).summary().getBoolean("complete")).isFalse();
    }

    @Test
    void aMasterWithoutItsAddressEndsTheRunResumable() throws Exception {
        Needs.root("make network namespaces");
        Needs.program("ip", "iproute2");
        network("down").run();
        String here = network("up").run().with(0).out().strip();
        try {
            Survey survey = Survey.of(temp, 2_000).taking(0.02);
            Running master = survey.on("hazelcast", 1)
                    .and("--threads", "1", "--listen", here)
                    .after(NETWORK.toString(), "here", "apcable")
                    .start();
            survey.awaitEvaluations(50, master);
            network("renumber").run().with(0);
            long lost = System.nanoTime();

            Ended ended = master.end().with(4);

            assertThat(Duration.ofNanos(System.nanoTime() - lost)).isLessThan(Duration.ofSeconds(25));
            assertThat(ended.err()).contains(here + " is no address of this machine any more", "--resume");
            survey.on("threads", 16).and("--resume").run().with(0);
            survey.assertComplete();
        } finally {
            network("down").run();
        }
    }

    /** As docs/security.md has it, for those who do not want to be seen talking. */
    @Test
    void aWorkerJoinsThroughATunnelOfSsh() throws Exception {
        Needs.program("ssh", "openssh-client");
        Needs.assume(Files.isExecutable(SSHD), SSHD + " is missing; install the package openssh-server");
        Survey survey = Survey.of(temp, 500).taking(0.02);
        Running master = survey.on("hazelcast", 1).and("--threads", "1").start();
        Invitation invitation = Invitation.of(master);
        Path key = key("user");
        int sshPort = freePort();
        if (System.getProperty("user.name").equals("root")) {
            Files.createDirectories(Path.of("/run/sshd")); // else made by the system when its service starts
        }
        Running server = Command.of(List.of(
                        SSHD.toString(),
                        "-D",
                        "-e",
                        "-f",
                        sshdSettings(sshPort, key("host"), key).toString()))
                .start();
        server.awaitMessage("Server listening");
        int tunnelPort = freePort();
        Running tunnel = Command.of(List.of(
                        "ssh",
                        "-v",
                        "-N",
                        "-i",
                        key.toString(),
                        "-p",
                        String.valueOf(sshPort),
                        "-o",
                        "StrictHostKeyChecking=no",
                        "-o",
                        "UserKnownHostsFile=/dev/null",
                        "-o",
                        "ExitOnForwardFailure=yes",
                        "-L",
                        tunnelPort + ":" + invitation.address,
                        System.getProperty("user.name") + "@127.0.0.1"))
                .start();
        tunnel.awaitMessage("Entering interactive session");
        Path evaluations = temp.resolve("worker-2");

        Running worker = worker(new Invitation("127.0.0.1:" + tunnelPort, invitation.secret), evaluations)
                .start();
        worker.awaitMessage(JOINED);
        worker.await(() -> size(evaluations) > 10);

        master.end().with(0);
        worker.end().with(0);
        survey.assertComplete();
        tunnel.signal("TERM");
        tunnel.end();
        server.signal("TERM");
        server.end();
    }

    private Path key(String name) throws Exception {
        Path key = temp.resolve(name);
        Command.of(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()))
                .run()
                .with(0);
        return key;
    }

    private Path sshdSettings(int port, Path hostKey, Path user) throws IOException {
        return Files.writeString(temp.resolve("sshd_config"), """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s
                AuthorizedKeysFile %s.pub
                PidFile none
                UsePAM no
                StrictModes no
                """.formatted(port, hostKey, user));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** More messages: {@code -Dastropool.fuzz.messages=100000}. */
    @Test
    void noMessageChangesTheResults() throws Exception {
        int messages = Integer.getInteger("astropool.fuzz.messages", 3_000);
        long seed = System.nanoTime();
        Survey survey = Survey.of(temp, 1_500 + messages / 400 * 25).taking(0.02); // takes longer than they do
        Running master = survey.on("hazelcast", 2).and("--threads", "1").start();
        Invitation invitation = Invitation.of(master);
        survey.awaitEvaluations(20, master);
        List<Path> classPath = new ArrayList<>(Command.jars());
        classPath.add(Command.CHECKOUT.resolve("worker/target/test-classes"));
        Ended fuzzer = Command.of(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                        "org.astropool.internal.transport.hazelcast.Fuzzer",
                        invitation.address.replaceFirst(".*:", ""),
                        invitation.secret.toString(),
                        String.valueOf(seed),
                        String.valueOf(messages)))
                .outsideTheShellOfTheTests()
                .run()
                .with(0);
        System.out.println(fuzzer.out().strip());

        Ended ended = master.end();

        assertThat(ended.code()).as("seed %d, %s", seed, ended).isZero();
        survey.assertComplete();
        assertThat(ended.err().lines().filter(line -> line.contains("others from there are refused silently")))
                .as("said once an address")
                .hasSize(1);
    }

    @Test
    void aRunOnThreadsLoadsNothingOfIt() throws Exception {
        Survey survey = Survey.of(temp, 50);

        Ended ended = survey.on("threads", 1)
                .with("ASTROPOOL_JAVA_OPTS", "-Xlog:class+load=info:stderr")
                .run()
                .with(0);

        assertThat(ended.err()).contains("org.astropool.internal.transport.local.LocalTransport");
        assertThat(ended.err().lines().filter(line -> line.contains("com.hazelcast")))
                .isEmpty();
    }
}
