package org.astropool.internal.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.astropool.internal.design.DesignKind;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.table.TableFormat;
import org.astropool.sampler.Prior;
import org.astropool.task.Axis;
import org.astropool.task.Grid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobFileTest {
    private static final String GOOD = """
            [job]
            name = "my-job"
            seed = 7
            [model]
            name = "sample"
            [model.options]
            center = 1
            [model.fixed]
            b = 2
            [parameters]
            a = { label = "\\\\alpha", prior = { kind = "flat", from = 0.0, to = 1.0 } }
            [grid]
            a = { from = 0.0, to = 1.0, count = 5 }
            [run]
            timeout = "5 min"
            allow_failures = "5 %"
            [output]
            formats = ["ecsv", "votable"]
            """;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("job.toml");
    }

    private Job read(String text, String... settings) throws IOException, JobException {
        Files.writeString(file, text);
        List<Setting> parsed = new java.util.ArrayList<>();
        for (String setting : settings) {
            parsed.add(Setting.parse(setting));
        }
        return JobFile.read(file, parsed, Map.of("HOME_OF_DATA", "/data"));
    }

    @Test
    void aJobWithoutPointsIsReadWhereTheyAreGiven() throws Exception {
        String text = "job.name = \"a\"\nmodel.name = \"gaussian\"\nmodel.fixed = { x1 = 2.0 }\n";
        Files.writeString(file, text);

        Job job = JobFile.readWithoutPoints(file, JobFile.folderOf(file), List.of(), Map.of());

        assertThat(job.plan()).isEqualTo(new Plan.Given());
        assertProblem(text, "there is none");
    }

    @Test
    void pythonIsTheInterpreterThatTheEnvironmentNames() throws Exception {
        Files.writeString(file, """
                [job]
                name = "a"
                [model]
                program = ["{python}", "{python}.py", "-c", "{python}"]
                [grid]
                a = { from = 0.0, to = 1.0, count = 5 }
                """);
        for (Map.Entry<String, String> each : Map.of("/opt/env/bin/python", "/opt/env/bin/python", "", "python3")
                .entrySet()) {
            Job job = JobFile.read(file, List.of(), Map.of("ASTROPOOL_PYTHON", each.getKey()));
            assertThat(job.model().program().orElseThrow().words())
                    .containsExactly(each.getValue(), "{python}.py", "-c", each.getValue());
        }
    }

    private void assertProblem(String text, String problem, String... settings) {
        assertThatThrownBy(() -> EvaluationSpec.of(read(text, settings)))
                .isInstanceOf(JobException.class)
                .hasMessageContaining(problem);
    }

    private static Grid grid(Job job) {
        return ((Plan.OnGrid) job.plan()).grid();
    }

    @Test
    void everyTableIsRead() throws Exception {
        Job job = read(GOOD);

        assertThat(job.name()).isEqualTo("my-job");
        assertThat(job.seed()).isEqualTo(7);
        assertThat(job.model().options()).containsEntry("center", 1L);
        assertThat(job.model().fixed()).containsEntry("b", 2.0);
        assertThat(grid(job).axes()).containsExactly(Axis.linear("a", 0, 1, 5));
        assertThat(job.parameters().get("a").label()).contains("\\alpha");
        assertThat(job.parameters().get("a").prior()).contains(new Prior.Flat(0, 1));
        assertThat(job.run().timeout()).contains(Duration.ofMinutes(5));
        assertThat(job.run().allowFailures()).isEqualTo(new FailureAllowance(0, 0.05));
        assertThat(job.output().directory()).isEqualTo(directory.resolve("out/my-job"));
        assertThat(job.output().formats()).containsExactly(TableFormat.ECSV, TableFormat.VOTABLE);
    }

    private static final String DESIGN =
            GOOD.replace("[grid]\na = { from = 0.0, to = 1.0, count = 5 }", "[design]\ndraws = 1000\nkind = \"sobol\"");

    @Test
    void aDesignIsRead() throws Exception {
        Job job = read(DESIGN, "output.shard_rows=300");

        assertThat(job.plan()).isEqualTo(new Plan.Design(1000, DesignKind.SOBOL));
        assertThat(job.output().shardRows()).hasValue(300);
        EvaluationSpec spec = EvaluationSpec.of(job);
        assertThat(spec.points().size()).isEqualTo(1000);
        assertThat(spec.points().names()).containsExactly("a");
    }

    @Test
    void aDesignThatIsIncompleteIsAProblem() {
        assertProblem(DESIGN.replace("draws = 1000", ""), "design.draws is missing");
        assertProblem(DESIGN, "design.draws is 0, it must be from 1", "design.draws=0");
        assertProblem(DESIGN, "it must be one of prior, sobol, latin-hypercube", "design.kind=halton");
        assertProblem(DESIGN, "unknown key \"design.draw\"", "design.draw=3");
        assertProblem(DESIGN, "output.shard_rows is 0", "output.shard_rows=0");
        assertProblem(GOOD, "output.shard_rows is for the files of a [design]", "output.shard_rows=10");
        assertProblem(
                DESIGN.replace(", prior = { kind = \"flat\", from = 0.0, to = 1.0 }", ""), "no parameter has a prior");
        assertProblem(DESIGN.replace("b = 2", ""), "has no value; give it a prior in [parameters]");
    }

    @Test
    void aByteOrderMarkIsSkipped() throws Exception {
        assertThat(read("\uFEFF" + GOOD).seed()).isEqualTo(7);
    }

    @Test
    void axesKeepTheOrderOfTheFile() throws Exception {
        Job job = read(GOOD.replace("[run]", "zeta = { values = [1, 2.5] }\nb.from = 1\nb.to = 2\nb.count = 2\n[run]"));

        assertThat(grid(job).axes()).extracting(Axis::name).containsExactly("a", "zeta", "b");
        assertThat(grid(job).shape()).containsExactly(5, 2, 2);
    }

    @Test
    void environmentVariablesAreSubstitutedInStrings() throws Exception {
        Job job = read(GOOD + "directory = \"${HOME_OF_DATA}/x-${NOT_SET:-default}\"\n");

        assertThat(job.output().directory()).isEqualTo(Path.of("/data/x-default"));
    }

    @Test
    void twoDollarsBeforeABraceGiveOne() throws Exception {
        Job job = read(GOOD + "directory = \"$${HOME_OF_DATA}/${HOME_OF_DATA}/$$/${NOT_SET:-$${x}}\"\n");

        assertThat(job.output().directory().endsWith(Path.of("${HOME_OF_DATA}/data/$$/${x}")))
                .as("%s", job.output().directory())
                .isTrue();
        assertThat(read(GOOD, "model.options.kind=\"$${kind}\"").model().options())
                .containsEntry("kind", "${kind}");
    }

    @Test
    void aPathOnTheCommandLineIsTakenLiterally() throws Exception {
        Path file = Files.writeString(directory.resolve("job.toml"), GOOD);
        String out = "/out/${NOT_SET}/$${a}";

        Job job = JobFile.read(file, List.of(Setting.ofString("--out", "output.directory", out)), Map.of());

        assertThat(job.output().directory()).isEqualTo(Path.of(out));
    }

    @ParameterizedTest
    @CsvSource({
        "ISO-8859-1, 'job.toml line 3: the byte 0xdf is not UTF-8', -f LATIN1",
        "UTF-16, 'job.toml line 1: this is UTF-16', -f UTF-16",
        "UTF-16LE, 'job.toml line 1: this is UTF-16', -f UTF-16",
    })
    void aJobFileInAnotherEncodingIsRefusedWithItsLineAndWhatToDo(String encoding, String where, String what)
            throws Exception {
        Path file = Files.writeString(
                directory.resolve("job.toml"),
                "[job]\nname = \"a\"\n# Stra\u00dfe\n" + GOOD,
                Charset.forName(encoding));

        assertThatThrownBy(() -> JobFile.read(file, List.of(), Map.of()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining(where)
                .hasMessageContaining(what);
    }

    @Test
    void settingsTakePrecedenceOverTheFile() throws Exception {
        Job job = read(GOOD, "grid.a.count=3", "job.name=other", "model.options.kind=fancy", "run.retries=2");

        assertThat(grid(job).shape()).containsExactly(3);
        assertThat(job.name()).isEqualTo("other");
        assertThat(job.model().options()).containsEntry("kind", "fancy");
        assertThat(job.run().retries()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            seed = 7               | sed = 7                 | job.toml line 3: unknown key "job.sed", did you mean "seed"?
            seed = 7               | seed = "x"              | job.toml line 3: job.seed is the string "x", it must be a whole number
            name = "my-job"        | name = "My Job"         | job.toml line 2: job.name is "My Job"
            [run]                  | [runn]                  | job.toml line 14: unknown key "runn", did you mean "run"?
            name = "sample"        | name = "sampel"         | job.toml line 5: there is no model "sampel", did you mean "sample"?
            name = "sample"        | name = "java.lang.Long" | class java.lang.Long does not implement
            name = "sample"        | command = ["x"]         | a command needs outputs
            name = "sample"        | program = ["x"]\\ncommand = ["y"] | exactly one of name, command, program, onnx must be given in [model]
            name = "sample"        | program = []            | job.toml line 5: model.program needs at least the name of a program
            name = "sample"        | program = ["./none"]    | job.toml line 5: the program
            name = "sample"        | program = ["none"]\\ncores = 0 | model.cores is 0, it must be from 1
            name = "sample"        | command = ["x"]\\noutputs = { y = { pattern = "(" } } | output y: the pattern is no regular expression
            name = "sample"        | command = ["x"]\\noutputs = { y = { form = "stdout" } } | unknown key "model.outputs.y.form", did you mean "from"?
            center = 1             | centre = 1              | job.toml line 7: model sample has no option "centre"
            center = 1             | center = "x"            | job.toml line 7: model sample: option "center" is x
            center = 1             | kind = "none"           | it can be plain, fancy
            center = 1             | data = "absent.txt"     | absent.txt does not exist
            b = 2                  | c = 2                   | job.toml line 9: model sample has no parameter "c", did you mean "a"? It has a, b
            b = 2                  | other = 2               | job.toml line 9: model sample has no parameter "other"; it has a, b
            b = 2                  | a = 2                   | parameter "a" is fixed and on an axis
            b = 2                  | # nothing               | parameter "b" of model sample has no value
            b = 2                  | b = nan                 | model.fixed.b is NaN, it must be finite
            a = { from = 0.0       | x = { from = 0.0        | job.toml line 13: model sample has no parameter "x"
            count = 5              | count = 0               | job.toml line 13: grid.a.count is 0, it must be from 1
            count = 5              | count = 5.5             | job.toml line 13: grid.a.count is 5.5, it must be a whole number
            count = 5              | cuont = 5               | did you mean "count"?
            count = 5              | count = 1               | job.toml line 13: axis a: count = 1 needs from = to
            'from = 0.0, to = 1.0, c' | 'from = 2, to = 1, c'    | job.toml line 13: axis a: from 2.0 is above to 1.0
            from = 0.0, to = 1.0, c | from = nan, to = 1, c  | job.toml line 13: axis a: from is NaN, it must be finite
            from = 0.0, to = 1.0, c | from = 0.0, c          | job.toml line 13: axis a needs { from, to, count } or { values }
            [run]                  | a = { values = [1] }\\n[run] | job.toml line 14:
            [run]                  | A = { values = [1] }\\n[run] | axis A is given twice
            from = 0.0, to = 1.0, count = 5 | values = [0, 1, 1, 1, 1] | job.toml line 13: axis a: the value 1.0 is given more than once
            from = 0.0, to = 1.0, count = 5 | values = [0, -0.0] | job.toml line 13: axis a: the value 0.0 is given more than once
            from = 0.0, to = 1.0, count = 5 | values = [9007199254740992, 9007199254740993] | job.toml line 13: axis a: the value 9.007199254740992E15
            from = 0.0, to = 1.0, count = 5 | values = [0, nan] | job.toml line 13: axis a: value is NaN
            from = 0.0, to = 1.0, count = 5 | from = 1, to = 1, count = 3 | job.toml line 13: axis a: count = 1 needs from = to
            from = 0.0, to = 1.0, count = 5 | from = 1, to = 1.000000000000001, count = 9 | job.toml line 13: axis a: from 1.0 and to 1.000000000000001 are too close to each other for 9 different values
            [grid]                 | [points]                | job.toml line 12: points.file is missing
            [grid]                 | [points]\\nfile = "no.fits"\\n[grid] | exactly one of [grid], [points]
            timeout = "5 min"      | timeout = "soon"        | job.toml line 15: run.timeout is "soon"
            timeout = "5 min"      | isolation = "container" | job.toml line 15: run.isolation is "container", it must be
            allow_failures = "5 %" | allow_failures = "some" | job.toml line 16: run.allow_failures: "some"
            kind = "flat"          | kind = "flut"           | job.toml line 11: prior: kind is "flut"
            "ecsv"                 | "xls"                   | output.formats: "xls" is not one of ecsv, fits, csv, votable
            "ecsv"                 | "${NOT_SET}"            | job.toml line 18: the environment variable NOT_SET is not set
            [grid]                 | [grid                   | job.toml line 12:
            """)
    void badInputIsNamedWithItsLine(String good, String bad, String problem) {
        String text = GOOD.replace(good, bad.replace("\\n", "\n"));
        assertThat(text).isNotEqualTo(GOOD);

        assertProblem(text, problem);
    }

    /** The name becomes a folder, beside others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                ".",
                "",
                "a/b",
                "/a",
                "../a",
                "-rf",
                ".hidden",
                "a b",
                "a\\\\b",
                "\\u0000",
                "a\\u0000",
                "a\\n",
                "a\\u001b[2J",
                "\\u202ea",
                "\\u00e9",
                "A"
            })
    void aNameThatIsNotAPlainFolderIsRefusedWithItsLine(String name) {
        assertProblem(GOOD.replace("my-job", name), "job.toml line 2: job.name");
    }

    @Test
    void aNameMayNotBeLongerThanThatOfAFile() {
        assertProblem(GOOD.replace("my-job", "a".repeat(201)), "at most 200 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "9-a", "a..b", "v1.0-2", "a-"})
    void aNameMayHaveDotsAndHyphensInside(String name) throws Exception {
        assertThat(read(GOOD.replace("my-job", name)).name()).isEqualTo(name);
    }

    @Test
    void anEmptyOutputDirectoryIsRefused() {
        assertProblem(GOOD + "directory = \"${NOT_SET:-}\"\n", "job.toml line 19: output.directory is empty");
        assertProblem(
                GOOD + "directory = \"a\\u0000b\"\n", "job.toml line 19: output.directory contains the character 0");
    }

    @Test
    void aBadSettingIsReportedWithItsOption() {
        assertProblem(GOOD, "--set grid.a.count: grid.a.count is 0", "grid.a.count=0");
        assertProblem(
                GOOD, "--set grid.a: axis a: the value 1.0 is given more than once", "grid.a={ values = [1, 0, 1] }");
        assertProblem(GOOD, "--set grid.a.cnt: unknown key \"grid.a.cnt\"", "grid.a.cnt=3");
        assertProblem(GOOD, "--set job.name.x: name is a value, not a table", "job.name.x=3");
        assertProblem(GOOD, "--set grid.a: the value is no TOML", "grid.a={ from = ");
        assertThatThrownBy(() -> Setting.parse("nonsense")).hasMessageContaining("this is not KEY=VALUE");
    }

    @Test
    void severalProblemsAreReportedTogether() {
        assertThatThrownBy(() -> read(GOOD.replace("seed = 7", "sed = 7").replace("count = 5", "count = 0")))
                .isInstanceOfSatisfying(
                        JobException.class, e -> assertThat(e.problems()).hasSize(2));
    }

    @Test
    void gridsBeyondLongIndicesAreRefused() {
        String axes = "\n"
                + String.join(
                        "\n",
                        Arrays.asList("p", "q", "r").stream()
                                .map(name -> name + " = { from = 0, to = 1, count = 2000000000 }")
                                .toList())
                + "\n[run]";

        assertProblem(GOOD.replace("[run]", axes), "more points than the largest index");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> JobFile.read(directory.resolve("none.toml"), List.of(), Map.of()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("none.toml does not exist");
    }

    /** What batch jobs run is a copy in another folder. */
    @Test
    void pathsInACopyAreRelativeToTheGivenFolder() throws Exception {
        Path copy = Files.createDirectories(directory.resolve("out")).resolve("submitted.toml");
        Files.writeString(copy, """
                job.name = "a"
                model = { command = ["./fit", "{x}"], class_path = ["a.jar"], outputs.y = {} }
                grid.x = { values = [1.0] }
                """);

        Job job = JobFile.read(copy, directory, List.of(), Map.of());

        assertThat(job.model().classPath())
                .containsExactly(directory.resolve("a.jar").toString());
        assertThat(job.output().directory()).isEqualTo(directory.resolve("out/a"));
        assertThat(job.directory()).isEqualTo(directory);
    }
}
