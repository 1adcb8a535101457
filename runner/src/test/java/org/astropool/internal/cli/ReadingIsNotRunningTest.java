package org.astropool.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.astropool.internal.launch.Launch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever looks at the output directory of a stranger runs nothing that it names: no class, no program, no command.
 * Each directory is made by an ordinary run first, which does run it.
 */
class ReadingIsNotRunningTest {

    /** Commands that only read an output directory; TABLE and OTHER are in the folder of the reader. */
    private static final List<List<String>> READING = List.of(
            List.of("status", "DIR"),
            List.of("status", "DIR", "--json"),
            List.of("status", "DIR", "--all"),
            List.of("cancel", "DIR"),
            List.of("report", "DIR"),
            List.of("report", "DIR", "--out", "TABLE.html"),
            List.of("watch", "DIR"),
            List.of("explain", "DIR"),
            List.of("status", "DIR", "--table", "TABLE.ecsv"),
            List.of("status", "DIR", "--table", "TABLE.fits"),
            List.of("status", "DIR", "--table", "TABLE.csv"),
            List.of("status", "DIR", "--table", "TABLE.votable"),
            List.of("plot", "DIR", "--out", "TABLE.svg"),
            List.of("simulate", "--replay", "DIR", "--workers", "2"),
            List.of("run", "OTHER", "--costs-from", "DIR", "--out", "OUT", "--pool", "serial"),
            // Another job on the same directory: refused, after a look at what is there.
            List.of("run", "OTHER", "--out", "DIR", "--resume", "--pool", "serial"),
            List.of("run", "OTHER", "--out", "DIR", "--retry-failed", "--pool", "serial"));

    /** Commands that read no output directory, or evaluate the job that they are given. */
    private static final Set<String> NOT_READING = Set.of(
            "eval",
            "plan",
            "exec",
            "bench",
            "worker",
            "submit",
            "batch",
            "models",
            "doctor",
            "completion",
            "manual-pages",
            "python",
            "try",
            "help");

    private static final String MODEL = """
            import java.nio.file.*;
            import java.util.*;
            import org.astropool.task.*;
            public final class Hostile implements Model {
                static {
                    try {
                        Files.writeString(Path.of("MARK"), "class");
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
                public String name() { return "hostile"; }
                public String description() { return "leaves a mark"; }
                public List<Parameter> parameters(ModelOptions options) {
                    return List.of(new Parameter("a", "", -9, 9, ""));
                }
                public List<Output> outputs(ModelOptions options) { return List.of(Output.logLikelihood()); }
                public Optional<TaskList> tasks(ModelOptions options) {
                    return Optional.of(new TaskList(List.of(new Output("name", Output.Type.STRING, 1, "", "")))
                            .add("one").add("two").add("three"));
                }
                public Evaluator prepare(ModelOptions options) {
                    return (point, row, context) -> row.set(0, -point[0]);
                }
            }
            """;
    private static final String PROGRAM = """
            #!/bin/sh
            echo program >MARK
            case $1 in
            once) echo 'logL = -1' ;;
            *)
                echo '{"astropool": 1, "name": "hostile", "parameters": ["a"], "outputs": ["log_likelihood"]}'
                while read -r line; do
                    echo '{"results": [[-1.0]]}'
                done
                ;;
            esac
            """;
    private static final String JOB = """
            [job]
            name = "job"
            [model]
            """;
    private static final String GRID = """
            [grid]
            a = { values = [1.0, 2.0, 3.0] }
            """;

    /** What a directory may name. */
    enum Kind {
        CLASS_BY_NAME("""
                name = "hostile"
                class_path = ["cp"]
                """ + GRID),
        CLASS("""
                name = "Hostile"
                class_path = ["cp"]
                """ + GRID),
        CLASS_OF_A_TABLE("""
                name = "hostile"
                class_path = ["cp"]
                [points]
                file = "points.csv"
                """),
        CLASS_THAT_LISTS_TASKS("""
                name = "hostile"
                class_path = ["cp"]
                fixed = { a = 1 }
                [tasks]
                """),
        CLASS_OF_A_SAMPLER("""
                name = "hostile"
                class_path = ["cp"]
                [parameters]
                a = { prior = { kind = "flat", from = 0.0, to = 1.0 } }
                [sampler]
                walkers = 4
                steps = 5
                """),
        CLASS_OF_A_MAXIMIZER("""
                name = "hostile"
                class_path = ["cp"]
                [parameters]
                a = { prior = { kind = "flat", from = 0.0, to = 1.0 } }
                [maximize]
                starts = 2
                evaluations = 20
                """),
        PROGRAM_THAT_STAYS("""
                program = ["./hostile.sh"]
                """ + GRID),
        COMMAND("""
                command = ["./hostile.sh", "once", "{a}"]
                outputs = { log_likelihood = { from = "stdout", pattern = 'logL = (\\S+)' } }
                """ + GRID);

        private final String toml;

        Kind(String toml) {
            this.toml = toml;
        }
    }

    @TempDir
    private Path temp;

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Path archive;
    private Path mark;
    private Path out;
    private Path reader;

    @BeforeEach
    void makeWhatAnArchiveMayHave() throws Exception {
        archive = Files.createDirectory(temp.resolve("archive"));
        reader = Files.createDirectory(temp.resolve("reader"));
        mark = temp.resolve("mark");
        out = archive.resolve("out");
        Path classes = Files.createDirectories(archive.resolve("cp/META-INF/services"));
        Files.writeString(classes.resolve("org.astropool.task.Model"), "Hostile\n");
        Path source = Files.writeString(archive.resolve("Hostile.java"), marked(MODEL));
        int code = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", archive.resolve("cp").toString(), source.toString());
        assertThat(code).isZero();
        Path program = Files.writeString(archive.resolve("hostile.sh"), marked(PROGRAM));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.writeString(archive.resolve("points.csv"), "a\n1\n2\n3\n");
        Files.writeString(reader.resolve("other.toml"), """
                [job]
                name = "job"
                [model]
                name = "sample"
                fixed = { b = 0.0 }
                """ + GRID);
        PrintStream captured = new PrintStream(said, true, StandardCharsets.UTF_8);
        System.setOut(captured);
        System.setErr(captured);
    }

    @AfterEach
    void release() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private String marked(String text) {
        return text.replace("MARK", mark.toString());
    }

    private int astropool(List<String> arguments) {
        said.reset();
        String[] words = arguments.toArray(String[]::new);
        return Astropool.execute(new Ranks(Launch.of(Map.of()), words), words);
    }

    /** An ordinary run, which leaves the mark; and the same directory without it. */
    private void runOnce(Kind kind) throws IOException {
        Path job = Files.writeString(archive.resolve("job.toml"), JOB + kind.toml);
        int code = astropool(List.of("run", job.toString(), "--out", out.toString(), "--pool", "serial"));
        assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(mark).exists();
        Files.delete(mark);
    }

    private void assertThatReadingLeavesNoMark(String what) throws IOException {
        assertThatReadingLeavesNoMark(what, READING);
    }

    private void assertThatReadingLeavesNoMark(String what, List<List<String>> commands) throws IOException {
        for (List<String> command : commands) {
            List<String> words = command.stream()
                    .map(word -> word.equals("DIR") ? out.toString() : word)
                    .map(word -> word.equals("OUT") ? reader.resolve("out").toString() : word)
                    .map(word ->
                            word.equals("OTHER") ? reader.resolve("other.toml").toString() : word)
                    .map(word -> word.startsWith("TABLE") ? reader.resolve(word).toString() : word)
                    .toList();
            int code = astropool(words);
            String text = said.toString(StandardCharsets.UTF_8);
            assertThat(mark).as("%s: %s: %s", what, command, text).doesNotExist();
            assertThat(code).as("%s: %s: %s", what, command, text).isIn(0, 2);
            assertThat(text).as("%s: %s", what, command).doesNotContain("defect");
            deleteAll(reader.resolve("out"));
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void changeRecord(Consumer<JsonObject> change) throws Exception {
        Path file = out.resolve("journal/job.json");
        JsonObject record = JsonParser.object().from(Files.readString(file));
        change.accept(record);
        Files.writeString(file, JsonWriter.string(record));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void readingADirectoryRunsNoneOfItsCode(Kind kind) throws Exception {
        runOnce(kind);
        assertThatReadingLeavesNoMark("complete");

        Files.delete(out.resolve("summary.json"));
        assertThatReadingLeavesNoMark("cut off");
        assertThat(astropool(List.of("status", out.toString()))).isZero();
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("job: ", "hostile", " ok, 0 failed");
        Path table = reader.resolve("again.csv");
        assertThat(astropool(List.of("status", out.toString(), "--table", table.toString())))
                .isZero();
        assertThat(Files.readString(table)).contains("log_likelihood");

        changeRecord(record -> record.getObject("model").put("class_path", JsonArray.from("../../cp")));
        assertThatReadingLeavesNoMark("with a relative class path");
        Files.move(archive.resolve("cp"), out.resolve("cp"));
        changeRecord(record -> {
            record.getObject("model").put("class_path", JsonArray.from("../cp", "cp", "."));
            if (!record.getObject("model").has("name")) {
                record.getObject("model").put("recorded_folder", archive.toString());
            }
        });
        assertThatReadingLeavesNoMark("with classes inside");

        changeRecord(record -> record.getObject("model").remove("recorded_declaration"));
        assertThatReadingLeavesNoMark("as an earlier release wrote it");
        assertThat(astropool(List.of("status", out.toString()))).isZero();
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("job: ", " ok, 0 failed");
    }

    /** The model of the journal is looked for where the job file says, not where the record does. */
    @Test
    void aResumeLoadsTheClassPathOfItsJobFile() throws Exception {
        runOnce(Kind.CLASS_BY_NAME);
        Files.delete(out.resolve("summary.json"));
        Path job = Files.writeString(
                archive.resolve("job.toml"), (JOB + Kind.CLASS_BY_NAME.toml).replace("class_path = [\"cp\"]", ""));
        List<String> resume = List.of("run", job.toString(), "--out", out.toString(), "--resume", "--pool", "serial");

        assertThat(astropool(resume)).isEqualTo(2);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("there is no model \"hostile\"");
        assertThat(mark).doesNotExist();

        List<String> told = new ArrayList<>(resume);
        told.addAll(List.of("--class-path", archive.resolve("cp").toString()));
        assertThat(astropool(told)).isZero();
        assertThat(mark).exists();
    }

    /** Neither its command for the end nor what it calls its jobs. */
    @Test
    void recordOfBatchJobsRunsNothing() throws IOException {
        runOnce(Kind.values()[0]);
        for (String system : List.of("slurm", "pbs", "lsf", "MARK")) {
            Files.writeString(out.resolve("batch.json"), marked("""
                    {"system": "%s", "name": "$(touch MARK)", "notify": "touch MARK", "jobs": ["1; touch MARK", "--help"],
                     "job_file": "/dev/null", "starts": []}
                    """.formatted(system)));
            assertThatReadingLeavesNoMark(
                    system,
                    List.of(List.of("status", "DIR"), List.of("status", "DIR", "--all"), List.of("cancel", "DIR")));
        }
    }

    /** A command that is added has to be put into one of the two lists above. */
    @Test
    void everyCommandIsKnownToReadOrToRun() {
        Set<String> known = new TreeSet<>(NOT_READING);
        READING.forEach(command -> known.add(command.get(0)));

        assertThat(Astropool.commands(new String[0]).keySet()).containsExactlyInAnyOrderElementsOf(known);
    }
}
