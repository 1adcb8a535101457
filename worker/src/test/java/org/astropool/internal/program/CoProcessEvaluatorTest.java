package org.astropool.internal.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.astropool.internal.json.LenientJson;
import org.astropool.internal.model.ProgramLostException;
import org.astropool.task.FailureKind;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.ProgramException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs are shell scripts here: what follows the hello is told by each test. */
@Timeout(60)
class CoProcessEvaluatorTest {
    private static final String HELLO =
            "echo '{\"astropool\": 1, \"parameters\": [\"x\"], \"outputs\": [\"log_likelihood\"], \"batch\": 3}'\n";

    private static final Declaration DECLARED = new Declaration(
            "test",
            "",
            List.of(new Parameter("x", "", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, "")),
            List.of(Output.logLikelihood()),
            3);

    @TempDir
    private Path temp;

    private final List<CoProcessEvaluator> opened = new ArrayList<>();

    @AfterEach
    void end() {
        opened.forEach(CoProcessEvaluator::close);
    }

    private ProgramSpec spec(String script) {
        return new ProgramSpec(
                List.of("sh", "-c", script),
                temp.toString(),
                temp.toString(),
                Map.of("MARK", "a 'b' \"c\""),
                1,
                1,
                temp.resolve("logs").toString(),
                Points.SEED,
                10_000);
    }

    private CoProcessEvaluator evaluator(String loop) throws ProgramException {
        ProgramSpec spec = spec(HELLO + loop);
        CoProcessEvaluator evaluator = new CoProcessEvaluator(spec, DECLARED, ProgramTrace.NONE);
        opened.add(evaluator);
        evaluator.prepare();
        return evaluator;
    }

    /** Half a gigabyte in a few seconds, between the question and the answer. */
    @Test
    void aProgramThatFloodsStandardErrorDoesNotFillTheDisk() throws Exception {
        CoProcessEvaluator evaluator = evaluator("read -r line; head -c 200000000 /dev/zero | tr '\\0' 'x' >&2;"
                + " echo the end >&2; until [ -e seen ]; do sleep 0.05; done; exit 3");
        Path logs = temp.resolve("logs");
        Thread watch = new Thread(() -> {
            try {
                boolean seen = false;
                while (!seen) {
                    try (Stream<Path> files = Files.list(logs)) {
                        Path log = files.findFirst().orElseThrow();
                        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
                            byte[] end = new byte[8];
                            file.seek(Math.max(0, file.length() - end.length));
                            file.read(end);
                            seen = file.length() <= 16 << 20
                                    && new String(end, StandardCharsets.US_ASCII).equals("the end\n");
                        }
                    }
                }
                Files.createFile(temp.resolve("seen"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        watch.start();

        ProgramException failure = catchThrowableOfType(ProgramException.class, () -> row(evaluator, 1));
        watch.join();

        assertThat(failure.lastWords()).endsWith("the end");
        try (Stream<Path> files = Files.list(logs)) {
            String text = Files.readString(files.findFirst().orElseThrow());
            // not always at the beginning: the program may have appended while its log was cut
            assertThat(text).contains("[astropool has removed ", "more than 16777216 were written");
        }
    }

    private static String answering(String answer) {
        return "while read -r line; do echo '" + answer + "'; done";
    }

    private OutputRow row(CoProcessEvaluator evaluator, double x) throws ProgramException {
        return rows(evaluator, x)[0];
    }

    private OutputRow[] rows(CoProcessEvaluator evaluator, double... points) throws ProgramException {
        double[][] all = new double[points.length][];
        OutputRow[] rows = new OutputRow[points.length];
        for (int i = 0; i < points.length; i++) {
            all[i] = new double[] {points[i]};
            rows[i] = new OutputRow(DECLARED.outputs());
        }
        evaluator.evaluateBatch(all, rows, new Points(5));
        return rows;
    }

    @Test
    void helloTellsParametersOutputsAndBatch() throws ProgramException {
        Declaration said = CoProcessModel.ask(
                spec("echo '{\"astropool\": 1, \"parameters\": [\"a\", {\"name\": \"b\", \"unit\": \"Mpc\","
                        + " \"from\": 0}], \"outputs\": [\"log_likelihood\", {\"name\": \"v\","
                        + " \"length\": 3}, {\"name\": \"t\", \"type\": \"string\"}], \"batch\": 64}'"),
                "test",
                false);

        assertThat(said.parameterNames()).containsExactly("a", "b");
        assertThat(said.parameters().get(1).unit()).isEqualTo("Mpc");
        assertThat(said.outputs().get(1).length()).isEqualTo(3);
        assertThat(said.batch()).isEqualTo(64);
        assertThat(said.name()).isEqualTo("test");
    }

    @Test
    void programThatSaysSomethingElseIsRefusedWithItsLine() {
        assertThatThrownBy(() -> CoProcessModel.ask(spec("echo loading data"), "test", false))
                .isInstanceOf(BrokenProgramException.class)
                .hasMessageContaining("exit code 0 before it said hello")
                .hasMessageContaining("loading data");
        assertThatThrownBy(() -> CoProcessModel.ask(spec("echo '{\"parameters\": [\"x\"]}'"), "test", false))
                .hasMessageContaining("\"astropool\": 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Welcome to a library\\n{'a': 1}\\n\\n{\"x\": 2}\\n",
                "loading...", // without an end of line
                "caf\\351\\n", // not UTF-8
            })
    void whatIsPrintedBeforeTheHelloGoesToTheLog(String banner) throws Exception {
        CoProcessEvaluator evaluator = new CoProcessEvaluator(
                spec("printf '" + banner.replace("'", "'\\''") + "'; " + HELLO + answering("{\"results\": [[7]]}")),
                DECLARED,
                ProgramTrace.NONE);
        opened.add(evaluator);
        evaluator.prepare();

        assertThat(row(evaluator, 1).numbers()).containsExactly(7);
        try (var logs = Files.list(temp.resolve("logs"))) {
            assertThat(logs.map(CoProcessEvaluatorTest::text))
                    .singleElement(STRING)
                    .startsWith(banner.substring(0, 3))
                    .doesNotContain("astropool");
        }
    }

    @Test
    void programThatEndsBeforeItsHelloIsRefusedWithItsLastWords() {
        BrokenProgramException refused = catchThrowableOfType(
                BrokenProgramException.class,
                () -> CoProcessModel.ask(spec("echo no licence >&2; exit 3"), "test", false));

        assertThat(refused).hasMessageContaining("exit code 3").hasMessageContaining("hello");
        assertThat(refused.lastWords()).isEqualTo("no licence");
    }

    @Test
    void programThatIsSilentIsEnded() {
        ProgramSpec spec =
                new ProgramSpec(List.of("sleep", "1000"), temp.toString(), temp.toString(), Map.of(), 1, 1, "", 0, 200);

        assertThatThrownBy(() -> CoProcessModel.ask(spec, "test", false)).hasMessageContaining("said nothing in 0.2 s");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void programThatIsNotThereIsRefused() {
        ProgramSpec spec =
                new ProgramSpec(List.of("./no-such"), temp.toString(), temp.toString(), Map.of(), 1, 1, "", 0, 1000);

        assertThatThrownBy(() -> CoProcessModel.ask(spec, "test", false))
                .isInstanceOf(BrokenProgramException.class)
                .hasMessageContaining(temp.resolve("no-such").toString());
    }

    @Test
    void pointsAreAnswered() throws ProgramException {
        CoProcessEvaluator evaluator = evaluator(answering("{\"results\": [[-1.5]]}"));

        assertThat(row(evaluator, 1).numbers()).containsExactly(-1.5);
        assertThat(row(evaluator, 2).numbers()).containsExactly(-1.5);
    }

    @Test
    void requestHasPointsIndexAndSeeds() throws Exception {
        CoProcessEvaluator evaluator = evaluator("while read -r line; do echo \"$line\" >line.txt; "
                + "echo '{\"results\": [[1], [2.5], [\"-inf\"]]}'; done");

        OutputRow[] rows = rows(evaluator, 0.1, 1, -2e-300);

        assertThat(Files.readString(temp.resolve("line.txt")))
                .startsWith("{\"points\": [[0.1], [1.0], [-2.0E-300]], \"index\": 5, \"seeds\": ["
                        + CoProcessEvaluator.seed(Points.SEED, 5) + ", ");
        assertThat(rows[2].numbers()).containsExactly(Double.NEGATIVE_INFINITY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"results\": [[1]], \"index\": 5.7",
                "\"results\": [[1]], \"index\": 18446744073709551621", // 5 + 2^64
                "\"results\": [[1]], \"index\": 4294967301", // 5 + 2^32
                "\"results\": [[1]], \"index\": \"5\"",
                "\"results\": [[1]], \"index\": null",
                "\"results\": [[1]], \"results\": [[2]], \"index\": 5",
                "\"results\": [[1e999]], \"index\": 5",
                "\"results\": [[\"-1e999\"]], \"index\": 5",
                "\"results\": [[1]], \"index\": 5, \"note\": \"\\377\"",
                "\"results\": [[1]], \"index\": 5, \"note\": \"\\\\udc00\"",
            })
    void answerThatIsNotExactFailsItsPointAndTheNextIsAnswered(String answer) throws ProgramException {
        CoProcessEvaluator evaluator = evaluator("while read -r line; do case $line in *2.0*) printf '{" + answer
                + "}\\n';; *) echo '{\"results\": [[3]], \"index\": 5.0}';; esac; done");

        assertThat(row(evaluator, 1).numbers()).containsExactly(3);
        assertThatThrownBy(() -> row(evaluator, 2)).isInstanceOf(BrokenProgramException.class);
        evaluator.prepare();
        assertThat(row(evaluator, 1).numbers()).containsExactly(3);
    }

    @Test
    void deeplyNestedAnswerFailsItsPointAndTheNextIsAnswered() throws ProgramException {
        CoProcessEvaluator evaluator = evaluator("deep=$(printf '%0100000d' 0 | tr 0 '['); while read -r line; do"
                + " case $line in *2.0*) echo \"$deep\";; *) echo '{\"results\": [[3]]}';; esac; done");

        assertThatThrownBy(() -> row(evaluator, 2)).hasMessageContaining("nested more than 64 levels");
        evaluator.prepare();
        assertThat(row(evaluator, 1).numbers()).containsExactly(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"astropool\": 1.5, \"parameters\": [\"x\"], \"outputs\": [\"y\"]",
                "\"astropool\": 4294967297, \"parameters\": [\"x\"], \"outputs\": [\"y\"]",
                "\"astropool\": 1, \"parameters\": [\"x\"], \"outputs\": [\"y\"], \"batch\": 2.5",
                "\"astropool\": 1, \"parameters\": [\"x\"], \"outputs\": [\"y\"], \"batch\": 4294967298",
                "\"astropool\": 1, \"parameters\": [\"x\"], \"outputs\": [{\"name\": \"y\", \"length\": 2.5}]",
                "\"astropool\": 1, \"parameters\": [{\"name\": \"x\", \"from\": 1e999}], \"outputs\": [\"y\"]",
                "\"astropool\": 1, \"parameters\": [{\"name\": \"x\", \"from\": true}], \"outputs\": [\"y\"]",
                "\"astropool\": 1, \"parameters\": [\"x\"], \"parameters\": [\"z\"], \"outputs\": [\"y\"]",
                "\"astropool\": 1, \"parameters\": [\"x\"], \"outputs\": [\"y\"], \"name\": 5",
            })
    void helloThatIsNotExactIsRefused(String hello) {
        assertThatThrownBy(() -> CoProcessModel.ask(spec("echo '{" + hello + "}'"), "test", false))
                .isInstanceOf(BrokenProgramException.class)
                .hasMessageContaining("not a hello");
    }

    @Test
    void longStringBesideABareInfinityIsRead() {
        String text = "\\\\x".repeat(500_000);

        assertThat(LenientJson.object("{\"a\": -inf, \"b\": \"" + text + "\"}").getString("b"))
                .hasSize(1_000_000);
    }

    @Test
    void bareInfinitiesAreLetPass() throws ProgramException {
        CoProcessEvaluator evaluator = evaluator(answering("{\"results\": [[-inf], [NaN], [-Infinity]]}"));

        OutputRow[] rows = rows(evaluator, 0, 1, 2);

        assertThat(rows[0].numbers()).containsExactly(Double.NEGATIVE_INFINITY);
        assertThat(rows[1].numbers()).containsExactly(Double.NaN);
    }

    @Test
    void onePointOfABatchFailsOrIsSkippedAlone() throws ProgramException {
        CoProcessEvaluator evaluator = evaluator(answering(
                "{\"results\": [{\"error\": \"no big bang\", \"traceback\": \"here\"}, {\"skipped\": \"n/a\"}, [1]]}"));

        OutputRow[] rows = rows(evaluator, 0, 1, 2);

        assertThat(rows[0].problem()).isEqualTo("no big bang");
        assertThat(rows[0].lastWords()).isEqualTo("here");
        assertThat(rows[1].skipReason()).isEqualTo("n/a");
        assertThat(rows[2].problem()).isNull();
    }

    @Test
    void answerOfAnotherFormEndsTheProgramWhichIsThenStartedAgain() throws ProgramException {
        CoProcessEvaluator evaluator = evaluator(
                "read -r line; [ -e once ] || echo debug: 1; touch once; " + answering("{\"results\": [[1]]}"));

        assertThatThrownBy(() -> row(evaluator, 1))
                .isInstanceOf(BrokenProgramException.class)
                .hasMessageContaining("debug: 1");
        evaluator.prepare();
    }

    @Test
    void programThatExitsFailsThePointAndTheNextOneHasAnother() throws ProgramException {
        CoProcessEvaluator evaluator = evaluator(
                "read -r line; [ -e once ] || { touch once; echo why >&2; exit 4; }; echo '{\"results\": [[1]]}'");

        ProgramException failure = catchThrowableOfType(ProgramException.class, () -> row(evaluator, 1));

        assertThat(failure).isNotInstanceOf(ProgramLostException.class).hasMessageContaining("exit code 4");
        assertThat(failure.lastWords()).isEqualTo("why");
        evaluator.prepare();
        assertThat(row(evaluator, 1).numbers()).containsExactly(1);
    }

    @Test
    void programThatIsKilledIsLost() throws ProgramException {
        CoProcessEvaluator evaluator = evaluator("read -r line; kill -KILL $$");

        assertThatThrownBy(() -> row(evaluator, 1))
                .isInstanceOf(ProgramLostException.class)
                .hasMessageContaining("SIGKILL");
    }

    @Test
    void interruptEndsTheProgramAndAllThatItHasStarted() throws Exception {
        CoProcessEvaluator evaluator =
                evaluator("read -r line; sleep 1001 & setsid sleep 1002 & echo $! >pid; sleep 1003");
        Thread waiting = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            while (!Files.exists(temp.resolve("pid"))) {
                Thread.onSpinWait();
            }
            waiting.interrupt();
        });
        interrupter.start();

        ProgramException failure = catchThrowableOfType(ProgramException.class, () -> row(evaluator, 1));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        interrupter.join();
        assertNoneLeft();
    }

    @Test
    void closingEndsAProgramThatDoesNotCare() throws Exception {
        CoProcessEvaluator evaluator = evaluator("sleep 1001 & sleep 1002; sleep 1003");

        evaluator.close();

        assertNoneLeft();
    }

    /** Programs here sleep for 1001 s and more. */
    private static void assertNoneLeft() throws Exception {
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            boolean ours = process.info().commandLine().orElse("").matches(".*sleep 100[123]");
            if (ours && process.isAlive()) {
                process.onExit().get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void standardErrorIsInALogOfTheSlot() throws Exception {
        CoProcessEvaluator evaluator =
                evaluator("read -r line; echo one >&2; echo '{\"results\": [[1]]}'; read -r line");

        row(evaluator, 1);

        try (var logs = Files.list(temp.resolve("logs"))) {
            assertThat(logs.map(CoProcessEvaluatorTest::text)).containsExactly("one\n");
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void environmentSaysHowManyThreadsAndHasWhatTheUserGives() throws Exception {
        CoProcessEvaluator evaluator =
                evaluator("read -r line; echo \"$OMP_NUM_THREADS $ASTROPOOL_CORES $MARK\" >env.txt; echo '{\"results\":"
                        + " [[1]]}'; read -r line");

        row(evaluator, 1);

        String threads = System.getenv().getOrDefault("OMP_NUM_THREADS", "1");
        assertThat(temp.resolve("env.txt")).hasContent(threads + " 1 a 'b' \"c\"");
    }
}
