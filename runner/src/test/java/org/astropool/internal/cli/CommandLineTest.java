package org.astropool.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.astropool.internal.launch.Launch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program from its arguments to its exit code, in this JVM. */
class CommandLineTest {
    @TempDir
    Path directory;

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private int astropool(String... arguments) {
        out.reset();
        err.reset();
        return Astropool.execute(new Ranks(Launch.of(Map.of()), arguments), arguments);
    }

    /** Runs the sample model with these values on its axis a. */
    private int run(String values, String... options) throws Exception {
        return runGrid("a = { values = [" + values + "] }", "b = 0", options);
    }

    private int runGrid(String axes, String fixed, String... options) throws Exception {
        Path job = directory.resolve("job.toml");
        Files.writeString(job, """
                [job]
                name = "test"
                [model]
                name = "sample"
                [model.fixed]
                %s
                [grid]
                %s
                """.formatted(fixed, axes));
        List<String> arguments = new ArrayList<>(List.of("run", job.toString(), "--workers", "2"));
        arguments.addAll(Arrays.asList(options));
        return astropool(arguments.toArray(String[]::new));
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private Path result(String file) {
        return directory.resolve("out/test").resolve(file);
    }

    @Test
    void aRunWritesTablesAndPrintsItsResult() throws Exception {
        assertThat(run("-1, 0, 1")).isZero();

        assertThat(result("results.ecsv")).exists();
        assertThat(result("results.fits")).exists();
        assertThat(result("timings.fits")).exists();
        assertThat(result("failures.ecsv")).doesNotExist();
        assertThat(printed()).contains("test: 3 of 3 points ok", "best fit", "log_evidence");
        assertThat(errors()).contains("threads of this process").contains("2 slots");
    }

    @Test
    void theResultHasNoColumnsOrTableWithoutContent() throws Exception {
        Files.writeString(directory.resolve("points.csv"), "star,x1\nVega,0.5\nSirius,1.5\n");
        Path job = directory.resolve("job.toml");
        String rows = """
                job.name = "test"
                model.name = "bell"
                model.options.dimensions = 1
                points.file = "points.csv"
                points.labels = ["star"]
                """;
        Files.writeString(job, rows);
        assertThat(astropool("run", job.toString())).isZero();
        assertThat(printed()).containsPattern("(?m)^ +best fit$").containsPattern("(?m)^x1 +0\\.5");
        assertThat(printed()).doesNotContain("mean", "std");

        Files.writeString(job, rows + "model.fixed.x1 = 1.0");
        assertThat(astropool("run", job.toString(), "--overwrite")).isZero();
        assertThat(printed()).contains("2 of 2 points ok", "log_likelihood").doesNotContain("best fit");
    }

    @Test
    void jsonIsOneDocumentOnStandardOutput() throws Exception {
        assertThat(run("-1, 0, 1", "--json")).isZero();

        JsonObject summary = JsonParser.object().from(printed());
        assertThat(printed()).isEqualTo(Files.readString(result("summary.json")));
        assertThat(summary.getInt("points")).isEqualTo(3);
        assertThat(summary.getBoolean("complete")).isTrue();
        assertThat(summary.getObject("best").getDouble("a")).isZero();
        assertThat(summary.getObject("marginals").getObject("a").getDouble("mean"))
                .isZero();
        assertThat(summary.getArray("workers").getObject(0).getLong("evaluated"))
                .isEqualTo(3);
        assertThat(summary.getInt("attempts")).isEqualTo(3);
    }

    @Test
    void tablesDoNotDependOnThePool() throws Exception {
        run(
                "-1, 0, 1, 13, 15, 16, 17",
                "--pool",
                "serial",
                "--out",
                directory.resolve("a").toString());
        run("-1, 0, 1, 13, 15, 16, 17", "--out", directory.resolve("b").toString());

        assertThat(directory.resolve("a/results.ecsv")).hasSameBinaryContentAs(directory.resolve("b/results.ecsv"));
    }

    @Test
    void failedPointsAreListedAndTheOthersHaveResults() throws Exception {
        assertThat(run("0, 13, 14, 15, 18, 1", "--set", "run.timeout=1 s")).isEqualTo(3);

        assertThat(errors()).contains("3 of 6 points failed, more than allow_failures", "thirteen");
        assertThat(Files.readString(result("failures.ecsv")))
                .contains("exception", "not-a-number", "timeout", "skipped");
        assertThat(Files.readString(result("results.ecsv"))).contains("5 1.0 -0.5");
        assertThat(printed()).contains("2 of 6 points ok, 3 failed, 1 skipped");
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "0, 3", "34 %, 0", "33 %, 3", "any, 0"})
    void allowedFailuresAreNoFailure(String allowed, int code) throws Exception {
        assertThat(run("0, 13, 1", "--set", "run.allow_failures=" + allowed)).isEqualTo(code);
    }

    @Test
    void aRunInWhichAllPointsFailEnds() throws Exception {
        String axes = "a = { values = [13] }\nb = { from = 0, to = 1, count = 300 }";

        assertThat(runGrid(axes, "", "--set", "run.stop_when_all_fail=10")).isEqualTo(4);

        assertThat(errors()).contains("the run ended early", "points all failed", "thirteen");
        assertThat(result("results.ecsv")).doesNotExist();
        assertThat(JsonParser.object()
                        .from(Files.readString(result("summary.json")))
                        .getBoolean("complete"))
                .isFalse();
    }

    @Test
    void oldResultsAreKept() throws Exception {
        run("0, 1");
        byte[] before = Files.readAllBytes(result("results.ecsv"));

        assertThat(run("2, 3")).isEqualTo(2);

        assertThat(errors()).contains("--overwrite", "--resume");
        assertThat(result("results.ecsv")).hasBinaryContent(before);
    }

    @Test
    void overwriteRemovesOnlyResults() throws Exception {
        run("0, 13", "--set", "output.formats=[\"csv\"]");
        Files.writeString(result("batch.log"), "of the user");

        assertThat(run("0, 1", "--overwrite")).isZero();

        assertThat(result("results.csv")).doesNotExist();
        assertThat(result("failures.ecsv")).doesNotExist();
        assertThat(result("batch.log")).exists();
    }

    @Test
    void overwriteRemovesNothingWhenThePoolCannotBeOpened() throws Exception {
        run("0, 1");

        assertThat(run("0, 1", "--overwrite", "--pool", "mpi")).isEqualTo(2);

        assertThat(result("results.ecsv")).exists();
        assertThat(result("summary.json")).exists();
    }

    @Test
    void aCompleteRunIsNotRepeated() throws Exception {
        assertThat(run("0, 13", "--resume")).isEqualTo(3);
        assertThat(run("0, 13", "--resume")).isEqualTo(3);
        assertThat(errors()).contains("nothing was evaluated");
        assertThat(run("0, 14", "--resume")).isEqualTo(2);
        assertThat(errors()).contains("holds another run", "axes");
        assertThat(run("0, 14, 1", "--resume")).isEqualTo(2);
        assertThat(errors()).contains("its points is 2, not 3");
    }

    @Test
    void aRunWithoutItsSummaryIsResumed() throws Exception {
        run("0, 13");
        byte[] table = Files.readAllBytes(result("results.ecsv"));
        Files.delete(result("summary.json"));

        assertThat(run("0, 13", "--resume")).isEqualTo(3);

        assertThat(errors()).contains("2 of 2 points are in the journal");
        assertThat(result("results.ecsv")).hasBinaryContent(table);
    }

    @Test
    void failedPointsAreEvaluatedAgainOnRequest() throws Exception {
        run("0, 13");

        assertThat(run("0, 13", "--retry-failed", "--json")).isEqualTo(3);

        JsonObject summary = JsonParser.object().from(printed());
        assertThat(summary.getArray("workers").stream()
                        .mapToInt(worker -> ((JsonObject) worker).getInt("evaluated"))
                        .sum())
                .isEqualTo(2); // the batch of the failed point
    }

    /** Of a program that fails with what would clear the screen and say that all is well. */
    @Test
    void textOfAProgramCannotControlATerminal() throws Exception {
        Path program = Files.writeString(directory.resolve("model.sh"), """
                #!/bin/sh
                printf 'bad \\033[2J\\033]0;title\\007 \\302\\2332m \\342\\200\\256 ok\\r\\n' >&2
                exit 3
                """);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Path job = Files.writeString(directory.resolve("job.toml"), """
                [job]
                name = "test"
                [model]
                command = ["./model.sh", "{a}"]
                outputs = { y = { pattern = "y = (.*)" } }
                [grid]
                a = { values = [1.0, 2.0] }
                """);
        int code = astropool("run", job.toString(), "--workers", "1", "--progress", "none");
        List<String> texts = new ArrayList<>(List.of(errors(), printed(), Files.readString(result("failures.ecsv"))));
        assertThat(code).as(errors()).isEqualTo(3);
        astropool("try", job.toString());
        assertThat(errors() + printed()).contains("\\u001b[2J");
        texts.addAll(List.of(errors(), printed()));
        astropool("status", directory.resolve("out/test").toString());
        texts.addAll(List.of(errors(), printed()));
        astropool("run", job.toString(), "--set", "job.seed=\u001b[2J");
        assertThat(errors()).contains("\\u001b[2J");
        texts.addAll(List.of(errors(), printed()));

        assertThat(texts.get(2)).contains("\\u001b[2J");
        assertThat(texts).allSatisfy(text -> assertThat(text).doesNotContain("\u001b", "\u0007", "\u009b", "\u202e"));
    }

    @Test
    void anEmptyOutIsRefused() throws Exception {
        assertThat(run("1, 2", "--out", "")).isEqualTo(2);
        assertThat(errors()).contains("--out is empty");
    }

    /** The folder of the job file is nobody's output directory because of its name. */
    @Test
    void aNameThatPointsOutsideItsFolderWritesNothing() throws Exception {
        Path results = Files.writeString(directory.resolve("results.ecsv"), "mine");

        assertThat(run("1, 2", "--overwrite", "--set", "job.name=..")).isEqualTo(2);

        assertThat(errors()).contains("job.name is \"..\"");
        assertThat(results).hasContent("mine");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void statusShowsTheProgressOfARun() throws Exception {
        run("0, 1, 13, 15");
        String folder = directory.resolve("out/test").toString();

        assertThat(astropool("status", folder)).isZero();
        assertThat(printed())
                .contains("test: 4 of 4 points done (100.0 %)", "2 ok, 1 failed, 1 skipped", "complete, exit code 3");

        Files.delete(result("summary.json"));
        assertThat(astropool("status", folder)).isZero();
        assertThat(printed())
                .contains(
                        "best so far  a 0.00000: log_likelihood",
                        "not running: --resume writes its tables",
                        "exception    1, for instance point 2",
                        "skipped      1, for instance point 3",
                        "a point");

        Path table = directory.resolve("so-far.csv");
        assertThat(astropool("status", folder, "--json", "--table", table.toString()))
                .isZero();
        JsonObject status = JsonParser.object().from(printed());
        assertThat(status.getInt("finished")).isEqualTo(4);
        assertThat(status.getBoolean("complete")).isFalse();
        assertThat(status.getBoolean("running")).isFalse();
        assertThat(status.getArray("failures")).hasSize(2);
        assertThat(Files.readAllLines(table)).hasSize(5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            status no-such-folder              | no-such-folder is not a directory
            status DIR                         | holds no run
            status                             | DIR
            status DIR/out/test --table x.txt  | .ecsv, .fits, .csv, .votable
            status DIR/out/test --table DIR/out/test/results.csv     | a file of the run itself
            status DIR/out/test --table DIR/out/test/journal/a.csv   | a file of the run itself
            status DIR/out/test --table DIR/none/a.csv               | cannot be written
            """)
    void unreadableStatusIsReportedWithTheReason(String command, String problem) throws Exception {
        run("0, 1");

        assertThat(astropool(command.replace("DIR", directory.toString()).split(" ")))
                .isEqualTo(2);

        assertThat(errors()).contains(problem).doesNotContain("\tat ");
        assertThat(printed()).isEmpty();
        assertThat(result("results.csv")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --pool hazelcast --listen :1 | is no address
            --pool nonsense             | no carrier "nonsense"
            --pool mpi                  | mpiexec
            --retry-failed --overwrite  | mutually exclusive
            --time-limit soon           | is no duration
            --grace 1year               | is no duration
            --threads x                 | '--threads'
            --threads -1                | below 0
            --treads=2                  | --threads
            --set x                     | this is not KEY=VALUE
            --set grid.a.vales=1        | unknown key
            --class-path none.jar       | none.jar does not exist
            --resume --overwrite        | mutually exclusive
            --out /dev/null/nothing     | cannot be written
            --set grid.a.values=[nan]    | must be finite
            """)
    void wrongUsageStartsNothing(String options, String problem) throws Exception {
        assertThat(run("0, 1", options.split(" "))).isEqualTo(2);

        assertThat(errors()).contains("astropool: ").contains(problem).doesNotContain("\tat ");
        assertThat(printed()).isEmpty();
        assertThat(result("summary.json")).doesNotExist();
    }

    @Test
    void aGridTooLargeForTheHeapIsReportedWithTheNumbers() throws Exception {
        assertThat(run("0, 1", "--set", "grid.a={ from = 0, to = 1, count = 2000000000 }"))
                .isEqualTo(2);

        assertThat(errors()).contains("2000000000 points need about", "the heap has", "free");
    }

    @Test
    void aGridTooLargeForAnIndexIsReported() throws Exception {
        assertThat(run(
                        "0, 1",
                        "--set",
                        "grid.a={ from = 0, to = 1, count = 2000000000 }",
                        "--set",
                        "model.fixed={}",
                        "--set",
                        "grid.b={ from = 0, to = 1, count = 1000 }"))
                .isEqualTo(2);

        assertThat(errors()).contains("2000000000000 points, more than the 2147483639");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            worker                                               | --join
            worker --join host:1                                 | --secret-file
            worker --join host:port --secret-file none           | is not a port
            worker --join host:1 --secret-file none              | there is no secret file none
            worker --join host:1 --secret-file none --threads -1 | below 0
            worker --join host:1 --secret-file none --wait soon  | is no duration
            """)
    void aWorkerThatCannotStartReportsTheReason(String command, String problem) {
        assertThat(astropool(command.split(" +"))).isEqualTo(2);

        assertThat(errors()).contains(problem).doesNotContain("\tat ");
    }

    @Test
    void modelsAreListedWithTheirParametersAndOptions() {
        assertThat(astropool("models")).isZero();

        assertThat(printed()).contains("sample: a normal likelihood", "plain | fancy", "km/s", "first parameter");
    }

    @Test
    void theGraphOfAModelIsPrintedForMermaid() {
        assertThat(astropool("models", "--graph", "bell")).isZero();

        assertThat(printed()).startsWith("flowchart TB\n").contains("x_1...2", "g_x --> g_data");
        assertThat(errors()).isEmpty();

        assertThat(astropool("models", "--graph", "bell", "--option", "dimensions=7"))
                .isZero();

        assertThat(printed()).contains("x_1...7");
    }

    @ParameterizedTest
    @CsvSource({
        "graph.svg, '', <svg",
        "graph.mmd, '', flowchart",
        "graph.pdf, '', %PDF",
        "graph, --format=SVG, <svg",
        "graph.svg, --format=mermaid, flowchart",
        "'', --format=svg, <svg"
    })
    void theGraphOfAModelIsDrawn(String name, String format, String content) throws Exception {
        Path file = directory.resolve(name);
        List<String> words = new ArrayList<>(List.of("models", "--graph", "bell"));
        if (!name.isEmpty()) {
            words.addAll(List.of("--out", file.toString()));
        }
        if (!format.isEmpty()) {
            words.add(format);
        }

        assertThat(astropool(words.toArray(String[]::new))).isZero();

        String drawn = name.isEmpty() ? printed() : Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(drawn).contains(content);
        assertThat(name.isEmpty() ? "" : printed()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --graph bel                                 | there is no model "bel", did you mean "bell"?
            --graph sample                              | declares no graph; models that do: bell
            --graph bell --format dot                   | the formats are mermaid, svg, pdf, png
            --graph bell --out graph.dot                | one of .mmd, .svg, .pdf, .png; or give --format
            --graph bell --format svg --out . | is a directory
            --graph bell --out missing/graph.svg        | cannot be written
            --graph bell --option dimensions            | is not NAME=VALUE
            --graph bell --option dimensions=x          | not of type integer
            --graph bell --option size=1                | has no option "size"
            --out graph.svg                             | --graph
            """)
    void aGraphThatCannotBeDrawnReportsTheReason(String options, String problem) {
        assertThat(astropool(("models " + options).split(" +"))).isEqualTo(2);

        assertThat(errors()).contains(problem).doesNotContain("\tat ");
        assertThat(printed()).isEmpty();
    }

    @Test
    void doctorShowsWhatIsAvailable() throws Exception {
        assertThat(astropool("doctor", "--json")).isZero();

        JsonObject findings = JsonParser.object().from(printed());
        assertThat(findings.getObject("pool").getString("threads")).isEqualTo("available");
        assertThat(findings.getString("java")).contains(System.getProperty("java.version"));
    }

    @Test
    void helpHasExamples() {
        assertThat(astropool("--help")).isZero();
        assertThat(printed()).contains("Examples:", "mpiexec -n 8 astropool run job.toml");
        assertThat(astropool("run", "--help")).isZero();
        assertThat(printed()).contains("--set grid.w.count=81");
        assertThat(astropool("--version")).isZero();
        assertThat(printed()).startsWith("astropool ");
        assertThat(astropool("completion")).isZero();
        assertThat(printed()).contains("complete -F");
    }

    @Test
    void noCommandIsWrongUsage() {
        assertThat(astropool()).isEqualTo(2);
        assertThat(errors()).contains("a command is missing");
    }

    /** A main class of a user. */
    static final class UserProgram {
        public static void main(String[] arguments) {
            System.out.println("hello " + String.join(",", arguments));
            if (arguments.length == 0) {
                throw new IllegalArgumentException("no arguments");
            }
        }
    }

    @Test
    void execRunsAMainClass() {
        assertThat(astropool("exec", UserProgram.class.getName(), "a", "--b")).isZero();
        assertThat(printed()).contains("hello a,--b");
        assertThat(astropool("exec", UserProgram.class.getName())).isEqualTo(1);
        assertThat(errors()).contains("no arguments");
        assertThat(astropool("exec", "org.example.None")).isEqualTo(2);
        assertThat(errors()).contains("there is no class org.example.None");
    }
}
