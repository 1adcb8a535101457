package org.astropool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * scripts/astropool-mpiexec with a launcher and an astropool that are shell scripts: each test writes down what rank 0
 * does in its first start, its second one, and so on.
 */
@Timeout(60)
class MpiexecWrapperTest {
    private static final Path WRAPPER =
            Path.of("..", "scripts", "astropool-mpiexec").toAbsolutePath();

    /** Becomes the rank, so that what the launcher returns and is sent is what the rank returns and is sent. */
    private static final String LAUNCHER = """
            #!/bin/sh
            if [ "$1" = --version ]; then echo "${FAKE_VERSION-}"; exit; fi
            echo "$*" >>"$FAKE/starts"
            while [ "${1##*/}" != astropool ] && [ ! -L "$1" ]; do shift; done
            exec "$@"
            """;

    private static final String ASTROPOOL = """
            #!/bin/sh
            record() {
                printf '%b' "$1" >"$ASTROPOOL_RUN_FILE.new"
                mv "$ASTROPOOL_RUN_FILE.new" "$ASTROPOOL_RUN_FILE"
            }
            # begin POINTS-FOUND
            begin() { found=$1; record "${options-}directory=/out\\nstarted=1\\nfinished=$found\\n"; }
            # end POINTS EXIT-CODE COMPLETE [REASON]
            end() {
                outcome="finished=$1\\nexit_code=$2\\ncomplete=$3\\nreason=$4\\n"
                record "${options-}directory=/out\\nstarted=1\\nfinished=$found\\n$outcome"
            }
            rank=${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-0}}
            : >>"$FAKE/starts"
            . "$FAKE/start-$(wc -l <"$FAKE/starts" | tr -d ' ')"
            """;

    /** Ends at SIGUSR1 as rank 0 does. */
    private static final String UNTIL_SIGNAL = """
            signal=USR1
            trap '[ ! -f "$ASTROPOOL_RUN_FILE.signal" ] || . "$ASTROPOOL_RUN_FILE.signal"
                case $signal in INT) code=130 ;; *) code=143 ;; esac
                echo "signal $signal"; end 300 $code false; exit 1' USR1
            begin 0
            echo ready
            while :; do sleep 0.05; done
            """;

    /** As rank 0 records it of the option --time-limit. */
    private static final String TIME_LIMIT = "options='time_limit=PT20S\\n'; ";

    /** Does not hear SIGUSR1. */
    private static final String DEAF = """
            trap '' USR1
            begin 0
            echo ready
            exec sleep 50
            """;

    @TempDir
    private Path temp;

    private final Map<String, String> environment = new TreeMap<>();
    private int plannedStarts;

    @BeforeEach
    void writeTheFakes() throws IOException {
        script("launcher", LAUNCHER);
        script("astropool", ASTROPOOL);
        environment.put("FAKE", temp.toString());
        environment.put("ASTROPOOL_MPIEXEC", temp.resolve("launcher").toString());
    }

    @Test
    void completeRunIsStartedOnce() throws Exception {
        start("begin 0; end 1000 0 true");

        Ended ended = run("--overwrite");

        ended.with(0);
        assertThat(starts()).containsExactly("-n 2 ./astropool run job.toml --overwrite");
    }

    @Test
    void theLauncherMayHaveOptions() throws Exception {
        environment.put("ASTROPOOL_MPIEXEC", temp.resolve("launcher") + " --map-by  node");
        start("begin 0; end 1000 0 true");

        run().with(0);

        assertThat(starts()).containsExactly("--map-by node -n 2 ./astropool run job.toml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--overwrite", "--retry-failed", "--accept-model-changes"})
    void killedRunGoesOnWithResumeUntilItIsComplete(String firstOnly) throws Exception {
        start("begin 0; exit 137");
        start("begin 300; exit 9");
        start("begin 600; end 1000 0 true; exit 1");

        Ended ended = run(firstOnly, "--seed", "7");

        ended.with(0);
        assertThat(ended.err()).contains("ended with 137").contains("with --resume");
        assertThat(starts())
                .containsExactly(
                        "-n 2 ./astropool run job.toml " + firstOnly + " --seed 7",
                        "-n 2 ./astropool run --resume job.toml --seed 7",
                        "-n 2 ./astropool run --resume job.toml --seed 7");
    }

    @ParameterizedTest
    @CsvSource({"SLURM_RESTART_COUNT, 1, X, 0", "LSB_RESTART, Y, X, 0", "RESTARTED, 1, SGE_ROOT, /opt/sge"})
    void aJobThatTheBatchSystemRunsAgainIsContinued(String name, String value, String other, String otherValue)
            throws Exception {
        environment.put(name, value);
        environment.put(other, otherValue);
        start("begin 300; end 1000 0 true");

        Ended ended = run("--overwrite", "--seed", "7");

        ended.with(0);
        assertThat(starts()).containsExactly("-n 2 ./astropool run --resume job.toml --seed 7");
    }

    @Test
    void aLinkOfAnotherNameToTheLauncherIsOneToo() throws Exception {
        Files.createSymbolicLink(temp.resolve("ap"), Path.of("astropool"));
        start("begin 0; exit 137");
        start("begin 300; end 1000 0 true");

        launch(List.of("-n", "2", "./ap", "run", "run", "--overwrite")).end().with(0);

        assertThat(starts()).containsExactly("-n 2 ./ap run run --overwrite", "-n 2 ./ap run --resume run");
    }

    @Test
    void resumeIsNotAddedTwice() throws Exception {
        start("begin 100; exit 137");
        start("begin 300; end 1000 0 true");

        run("--resume").with(0);

        assertThat(starts())
                .containsExactly("-n 2 ./astropool run job.toml --resume", "-n 2 ./astropool run --resume job.toml");
    }

    @Test
    void twoStartsThatAreKnownToHaveBroughtNothingAreTheEnd() throws Exception {
        start("begin 5; exit 137");
        start("begin 5; exit 9");
        start("begin 5; exit 137");

        Ended ended = run();

        ended.with(4);
        assertThat(ended.err()).contains("stopped after 3 starts", "137, 9, 137", "5 points are in /out/journal");
    }

    @Test
    void oneStartWithoutProgressIsForgivenAfterOneWithProgress() throws Exception {
        start("begin 0; exit 137");
        start("begin 0; exit 137");
        start("begin 400; exit 137");
        start("begin 400; exit 137");
        start("begin 700; end 1000 0 true");

        run().with(0);
    }

    @Test
    void runThatNeverBeginsIsStartedTwiceAsItWasGiven() throws Exception {
        start("exit 137");
        start("exit 137");

        Ended ended = run("--overwrite"); // --resume would take up the results that were to be overwritten

        ended.with(4);
        assertThat(ended.err()).contains("stopped after 2 starts");
        assertThat(starts()).hasSize(2).containsOnly("-n 2 ./astropool run job.toml --overwrite");
    }

    @Test
    void launcherThatRefusesItsOptionsIsNotStartedAgain() throws Exception {
        start("exit 2");

        run().with(2);
    }

    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "3, true", "3, false", "0, true", "130, false", "143, false"})
    void finalCodeIsGivenBackWhateverTheLauncherReturns(int code, boolean complete) throws Exception {
        start("begin 0; end 10 " + code + " " + complete + "; exit 0");

        run().with(code);
    }

    @Test
    void wrongUsageIsGivenBackThoughNothingBegan() throws Exception {
        start("record 'exit_code=2\\ncomplete=false\\n'; exit 1");

        run().with(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-room", "all-failed", "time-limit", ""})
    void endThatAnotherStartWouldNotChangeIsGivenBack(String reason) throws Exception {
        start("begin 0; end 10 4 false " + reason);

        run().with(4);
    }

    @Test
    void timeLimitIsMeantForEachStart() throws Exception {
        start(TIME_LIMIT + "begin 0; end 400 4 false time-limit");
        start(TIME_LIMIT + "begin 400; end 800 4 false time-limit");
        start(TIME_LIMIT + "begin 800; end 1000 0 true");

        run("--time-limit=20s").with(0);
    }

    @Test
    void lostWorkersAreStartedAgain() throws Exception {
        start("begin 0; end 400 4 false workers-lost");
        start("begin 400; end 1000 0 true");

        run().with(0);
    }

    /**
     * The launcher ends the other ranks by SIGTERM when one was killed, and the master may have the time to end in
     * order.
     */
    @Test
    void sigtermOfALauncherThatHasLostARankIsAnotherStart() throws Exception {
        start("begin 0; end 400 143 false sigterm; exit 137");
        start("begin 400; end 1000 0 true");

        run().with(0);

        assertThat(starts()).hasSize(2);
    }

    @Test
    void timeLimitWithoutProgressIsNotTriedForEver() throws Exception {
        start(TIME_LIMIT + "begin 0; end 0 4 false time-limit");
        start(TIME_LIMIT + "begin 0; end 0 4 false time-limit");

        run("--time-limit", "1s").with(4);
    }

    @Test
    void noStartIsMadeWhenTheAllocationEnds() throws Exception {
        start(TIME_LIMIT + "begin 0; end 400 4 false time-limit");
        environment.put("SLURM_JOB_END_TIME", String.valueOf(Instant.now().getEpochSecond() + 20));

        run("--time-limit", "20s").with(4);
    }

    @ParameterizedTest
    @CsvSource({"TERM, TERM, 143", "HUP, TERM, 143", "INT, INT, 130", "USR1, USR1, 143"})
    void signalReachesTheRunWhoseCodeIsGivenBack(String signal, String told, int code) throws Exception {
        start(UNTIL_SIGNAL);
        Running running = launch();

        running.signal(signal);

        Ended ended = running.end();
        ended.with(code);
        assertThat(ended.out()).contains("signal " + told);
        assertThat(starts()).hasSize(1);
    }

    @Test
    void runThatIsDeafIsEndedAfterTheGrace() throws Exception {
        start("options='grace_seconds=1\\n'; " + DEAF);
        Running running = launch("--grace", "0.2 s");

        running.signal("TERM");

        running.end().with(143);
    }

    @Test
    void secondInterruptLeavesAtOnce() throws Exception {
        start("options='grace_seconds=3600\\n'; " + DEAF);
        Running running = launch("--grace=1h");

        running.signal("INT");
        running.awaitMessage("SIGINT:");
        running.signal("INT");

        running.end().with(130);
    }

    @Test
    void filesOfAWrapperThatWasKilledAreRemovedByTheNextOne() throws Exception {
        start("begin 0; echo ready; read -r nothing <\"$FAKE/pipe\"; end 10 0 true");
        new ProcessBuilder("mkfifo", temp.resolve("pipe").toString()).start().waitFor();
        Running running = launch();
        running.signal("KILL");
        running.process.waitFor();
        assertThat(wrapperFiles()).isNotEmpty();

        // The rank still runs, so this is not abandoned yet.
        start("begin 0; end 10 0 true");
        launch(command()).await().with(0);
        assertThat(wrapperFiles()).isNotEmpty();

        Files.writeString(temp.resolve("pipe"), "go on\n");
        running.awaitEnd();
        awaitLock();
        start("begin 0; end 10 0 true");
        run().with(0);
    }

    @Test
    void fileOfAnotherHostIsLeft() throws Exception {
        Path other = Files.createFile(temp.resolve(".astropool-mpiexec.another-host.7.signal"));
        start("begin 0; end 10 0 true");

        launch(command()).await().with(0);

        assertThat(wrapperFiles()).containsExactly(other.getFileName().toString());
    }

    @Test
    void missingLauncherIsNamed() throws Exception {
        environment.put("ASTROPOOL_MPIEXEC", "mpiexec.nowhere");

        Ended ended = run();

        ended.with(2);
        assertThat(ended.err()).contains("no launcher mpiexec.nowhere", "ASTROPOOL_MPIEXEC");
    }

    @Test
    void otherCommandsAreRefused() throws Exception {
        Ended ended = launch(List.of("-n", "2", "./astropool", "bench")).end();

        ended.with(2);
        assertThat(ended.err()).contains("usage");
    }

    @Test
    void openMpiIsToldToHandOnTheVariable() throws Exception {
        environment.put("FAKE_VERSION", "mpiexec (OpenRTE) 4.1.4");
        start("begin 0; end 1000 0 true");

        run().with(0);

        assertThat(starts()).containsExactly("-x ASTROPOOL_RUN_FILE -n 2 ./astropool run job.toml");
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void ranksUnderARealLauncherHearTheSignal(Mpiexec mpiexec) throws Exception {
        useReal(mpiexec);
        plan("0", "[ $rank = 0 ] || record() { :; }\n" + UNTIL_SIGNAL);
        Running running = launch();
        running.awaitLine(); // of the other rank

        running.signal("TERM");

        Ended ended = running.end();
        ended.with(143);
        assertThat(ended.out()).containsSubsequence("signal TERM", "signal TERM");
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void killedRankOfARealLauncherIsStartedAgain(Mpiexec mpiexec) throws Exception {
        useReal(mpiexec);
        // a real launcher writes no list of starts, so rank 0 does
        plan("0", "[ $rank = 0 ] || exec sleep 50; begin 0; echo >>\"$FAKE/starts\"; kill -KILL $$");
        plan("1", "[ $rank = 0 ] || exit 0; begin 300; end 1000 0 true");

        run().with(0);
    }

    private void useReal(Mpiexec mpiexec) {
        environment.putAll(mpiexec.requireInstalled().environment());
        environment.put("ASTROPOOL_MPIEXEC", mpiexec.toString());
        environment.put("OMPI_MCA_rmaps_base_oversubscribe", "1");
    }

    /** What rank 0 does in its next start. */
    private void start(String commands) throws IOException {
        plannedStarts++;
        plan(String.valueOf(plannedStarts), commands);
    }

    private void plan(String startsSoFar, String commands) throws IOException {
        Files.writeString(temp.resolve("start-" + startsSoFar), commands, StandardCharsets.UTF_8);
    }

    /** The command lines of the launcher. */
    private List<String> starts() throws IOException {
        return Files.readAllLines(temp.resolve("starts"));
    }

    /** A process that ends closes its standard output a moment before it gives up its locks. */
    private void awaitLock() throws IOException, InterruptedException {
        String signals = wrapperFiles().stream()
                .filter(name -> name.endsWith(".signal"))
                .findFirst()
                .orElseThrow();
        Process lock = new ProcessBuilder("flock", temp.resolve(signals).toString(), "true").start();
        assertThat(lock.waitFor()).isZero();
    }

    private List<String> wrapperFiles() throws IOException {
        try (Stream<Path> files = Files.list(temp)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(".astropool-mpiexec"))
                    .toList();
        }
    }

    private void script(String name, String text) throws IOException {
        Path file = Files.writeString(temp.resolve(name), text, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Ended run(String... options) throws IOException, InterruptedException {
        return launch(command(options)).end();
    }

    /** Returns when the run is ready for a signal. */
    private Running launch(String... options) throws IOException {
        Running running = launch(command(options));
        running.awaitLine();
        return running;
    }

    private static List<String> command(String... options) {
        List<String> words = new ArrayList<>(List.of("-n", "2", "./astropool", "run", "job.toml"));
        words.addAll(Arrays.asList(options));
        return words;
    }

    private Running launch(List<String> arguments) throws IOException {
        // a shell cannot trap what was ignored when it was started, as SIGINT is in a background job
        List<String> words = new ArrayList<>(List.of("env", "--default-signal=INT,TERM,HUP,USR1", WRAPPER.toString()));
        words.addAll(arguments);
        Path err = temp.resolve("stderr");
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(temp.toFile()).redirectError(err.toFile());
        Mpiexec.forgetLauncher(builder.environment());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return new Running(process, process.inputReader(StandardCharsets.UTF_8), err);
    }

    private record Ended(int code, String out, String err) {
        void with(int expected) {
            assertThat(code).as("exit code; stdout: %s, stderr: %s", out, err).isEqualTo(expected);
        }
    }

    private final class Running {
        private final Process process;
        private final BufferedReader out;
        private final Path err;

        Running(Process process, BufferedReader out, Path err) {
            this.process = process;
            this.out = out;
            this.err = err;
        }

        void awaitLine() throws IOException {
            assertThat(out.readLine()).as("stderr: %s", Files.readString(err)).isEqualTo("ready");
        }

        void awaitMessage(String text) throws IOException, InterruptedException {
            while (!Files.readString(err).contains(text)) {
                assertThat(process.waitFor(10, TimeUnit.MILLISECONDS)).isFalse();
            }
        }

        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-s", name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        }

        /** Waits for its end, and fails if it has left a file beside those of the test. */
        Ended end() throws IOException, InterruptedException {
            Ended ended = await();
            assertThat(wrapperFiles()).isEmpty();
            return ended;
        }

        Ended await() throws IOException, InterruptedException {
            String text = awaitEnd();
            return new Ended(process.waitFor(), text, Files.readString(err));
        }

        /** Waits until the wrapper and all that it has started have ended. */
        String awaitEnd() throws IOException {
            StringBuilder text = new StringBuilder();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                text.append(line).append('\n');
            }
            return text.toString();
        }
    }
}
