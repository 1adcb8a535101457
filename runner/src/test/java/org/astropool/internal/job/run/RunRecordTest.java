package org.astropool.internal.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.JobFile;
import org.astropool.internal.job.plan.DataFile;
import org.astropool.internal.job.plan.Digests;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.journal.JournalHeader;
import org.astropool.task.Output;
import org.astropool.task.TaskList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The record of a job gives the same points, whatever the job file said. */
class RunRecordTest {

    @TempDir
    private Path temp;

    private EvaluationSpec assertRecorded(String toml, Map<String, String> environment) throws Exception {
        Path file = Files.writeString(temp.resolve("job.toml"), toml);
        Job job = JobFile.read(file, List.of(), environment);
        EvaluationSpec spec = EvaluationSpec.of(job);
        Path folder = Files.createDirectories(temp.resolve("out/journal"));
        RunRecord.write(folder, job, spec, Digests.dataFiles(spec), 17);
        assertThat(RunRecord.differences(folder, job, spec)).isEmpty();

        RunRecord record = RunRecord.read(folder);

        JournalHeader header = PointJournal.header(spec, Digests.dataFiles(spec));
        EvaluationSpec again = record.spec(header);
        assertThat(record.outcomesBefore()).isEqualTo(17);
        assertThat(Digests.of(again)).isEqualTo(Digests.of(spec));
        assertThat(Digests.dataFiles(again)).isEqualTo(Digests.dataFiles(spec));
        assertThat(again.model().name()).isEqualTo(spec.model().name());
        assertThat(again.parameters()).isEqualTo(spec.parameters());
        assertThat(again.outputs()).isEqualTo(spec.outputs());
        assertThat(again.points().names()).isEqualTo(spec.points().names());
        for (long point = 0; point < spec.points().size(); point++) {
            assertThat(bits(again.points().point(point)))
                    .isEqualTo(bits(spec.points().point(point)));
        }
        assertThat(again.notes()).isEqualTo(spec.notes());
        assertThat(again.fixed()).isEqualTo(spec.fixed());
        return again;
    }

    private static List<Long> bits(double[] values) {
        return DoubleStream.of(values).mapToObj(Double::doubleToRawLongBits).toList();
    }

    @Test
    void everyKindOfValueIsPreserved() throws Exception {
        Files.writeString(temp.resolve("data.txt"), "1");
        EvaluationSpec spec = assertRecorded("""
                [job]
                name = "every.kind-1"
                seed = -9223372036854775808
                [model]
                name = "sample"
                options = { center = 1e-300, kind = "fancy", data = "${DATA}" }
                [parameters]
                b = { label = "\\\\beta \\"é\\"", prior = { kind = "normal", mean = 0.1, std = 1e-7, from = -inf } }
                a = { prior = { kind = "log-flat", from = 1e-3, to = 1 } }
                [grid]
                b = { from = 0.1, to = 7.3, count = 7, spacing = "log" }
                a = { from = 0, to = 1, count = 3 }
                [run]
                timeout = "3 s"
                allow_failures = "5 %"
                isolation = "process"
                [output]
                formats = ["csv"]
                """, Map.of("DATA", "data.txt"));

        assertThat(Digests.dataFiles(spec))
                .containsExactly(new DataFile("data.txt", Digests.of(temp.resolve("data.txt"))));
        assertThat(spec.seed()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void parametersThatAreNotOnTheGridArePreserved() throws Exception {
        assertRecorded("""
                [job]
                name = "fixed"
                [model]
                name = "sample"
                fixed = { a = -0.0 }
                [grid]
                b = { values = [0.1, 2, 3e-308, -0.0] }
                """, Map.of());
    }

    /** Axes in an order that is neither that of the alphabet nor that of a hash. */
    @Test
    void axesKeepTheirOrder() throws Exception {
        assertThat(assertRecorded("""
                [job]
                name = "order"
                [model]
                name = "sample"
                [grid]
                b = { from = 0, to = 1, count = 2 }
                a = { from = 0, to = 1, count = 3 }
                """, Map.of()).points().names()).containsExactly("b", "a");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyBitOfANumberIsPreserved(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        String values = random.longs()
                .mapToDouble(Double::longBitsToDouble)
                .filter(value -> Math.abs(value) < 100)
                .distinct()
                .limit(500)
                .sorted()
                .mapToObj(value -> String.format(Locale.ROOT, "%s", value).replace("E", "e"))
                .map(text -> text.contains(".") ? text : text + ".0")
                .collect(Collectors.joining(", "));

        assertRecorded("""
                [job]
                name = "seed-%d"
                [model]
                name = "sample"
                fixed = { b = 1 }
                [grid]
                a = { values = [%s] }
                """.formatted(seed, values), Map.of());
    }

    @Test
    void aDamagedOrMissingRecordIsReported() throws Exception {
        assertThatThrownBy(() -> RunRecord.read(temp))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("job.json");
        Files.writeString(temp.resolve("job.json"), "{ \"job\": ");
        assertThatThrownBy(() -> RunRecord.read(temp))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("cannot be read");
        Files.writeString(temp.resolve("job.json"), "{ \"job\": 3, \"axes\": 1 }");
        assertThatThrownBy(() -> RunRecord.read(temp)).isInstanceOf(JobException.class);
    }

    @Test
    void theTasksThatAModelListsArePreserved() throws Exception {
        EvaluationSpec again = assertRecorded("""
                [job]
                name = "listed"
                [model]
                name = "org.astropool.internal.job.run.ListingModel"
                options = { word = "quaxie" }
                fixed = { shift = 0.5 }
                [tasks]
                """, Map.of());

        TaskList listed = EvaluationSpec.of(JobFile.read(temp.resolve("job.toml"), List.of(), Map.of()))
                .labels()
                .orElseThrow();
        TaskList tasks = again.labels().orElseThrow();
        assertThat(tasks.labels()).isEqualTo(listed.labels());
        assertThat(tasks.size()).isEqualTo(listed.size());
        for (int task = 0; task < tasks.size(); task++) {
            assertThat(tasks.values(task)).isEqualTo(listed.values(task));
        }
    }

    @Test
    void labelsOfEveryTypeArePreserved() throws Exception {
        TaskList tasks = new TaskList(List.of(
                        Output.number("number", "mag", "σ"),
                        new Output("count", Output.Type.LONG, 1, "", ""),
                        new Output("flag", Output.Type.BOOLEAN, 1, "", ""),
                        new Output("word", Output.Type.STRING, 1, "", "")))
                .add(-0.0, Long.MIN_VALUE, true, "né \"\u001b\"")
                .add(Double.NaN, 1L, false, "")
                .add(Double.NEGATIVE_INFINITY, Long.MAX_VALUE, false, "NaN")
                .add(3e-308, -3L, true, " ");
        RecordedTasks.write(temp, tasks);

        TaskList again = RecordedTasks.read(temp).orElseThrow();

        assertThat(again.labels()).isEqualTo(tasks.labels());
        assertThat(again.size()).isEqualTo(tasks.size());
        for (int task = 0; task < tasks.size(); task++) {
            assertThat(again.values(task)).isEqualTo(tasks.values(task));
        }
    }
}
