package org.astropool.internal.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.JobFile;
import org.astropool.internal.job.config.Setting;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.internal.job.result.ResultTables;
import org.astropool.internal.job.run.JobRun.OldResults;
import org.astropool.internal.job.table.TableFormat;
import org.astropool.internal.job.table.TableWriter;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Designs and their files, and results whose outputs are not in memory. The model is {@link SampleModel}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrainingSetTest {
    private static final int POINTS = 250;
    private static final String DESIGN = """
            [parameters]
            a = { prior = { kind = "flat", from = -3.0, to = 3.0 } }
            b = { prior = { kind = "normal", mean = 0.0, std = 1.0 } }
            [design]
            draws = 250
            kind = "latin-hypercube"
            [output]
            formats = ["npz", "hdf5", "fits", "ecsv"]
            shard_rows = 100
            """;
    /** At a = 13 to 17 points fail, are skipped, or have values that are no numbers. */
    private static final String GRID = """
            [model.fixed]
            b = 2.0
            [grid]
            a = { from = 1.0, to = 17.0, count = 17 }
            """;

    @TempDir
    private Path temp;

    private Job job(String out, String plan, String... settings) throws Exception {
        Path file = temp.resolve("job.toml");
        Files.writeString(
                file,
                "job = { name = \"set\", seed = 7 }\n"
                        + "run.allow_failures = \"any\"\nmodel.name = \"org.astropool.internal.job.run.SampleModel\"\n"
                        + plan);
        List<Setting> all = new ArrayList<>(List.of(
                Setting.ofString("--out", "output.directory", temp.resolve(out).toString())));
        for (String setting : settings) {
            all.add(Setting.parse(setting));
        }
        return JobFile.read(file, all, Map.of());
    }

    private static void run(Job job, OldResults old, CarrierKind carrier) throws Exception {
        PoolOptions.Builder options = PoolOptions.builder().carrier(carrier);
        try (Pool pool = Pool.open((carrier.equals(CarrierKind.SERIAL) ? options : options.workers(2)).build());
                JobRun run = JobRun.prepare(job, old, Map.of())) {
            run.begin();
            assertThat(run.write(run.evaluate(pool, new RunCancellation(), progress -> {}), "test")
                            .exitCode())
                    .isEqualTo(ExitCode.OK);
        }
    }

    private Map<String, String> shards(String out) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.list(temp.resolve(out))) {
            for (Path file :
                    files.filter(each -> each.toString().contains("training")).toList()) {
                content.put(file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return content;
    }

    private Path journal(String out) {
        return temp.resolve(out).resolve("journal/points.journal");
    }

    @Test
    void shardsAreTheSameOnAnyPoolAndAfterAKill() throws Exception {
        run(job("serial", DESIGN), OldResults.KEEP, CarrierKind.SERIAL);
        Map<String, String> expected = shards("serial");
        assertThat(expected)
                .containsOnlyKeys(Stream.of("00000", "00001", "00002")
                        .flatMap(number -> Stream.of("npz", "hdf5", "fits", "ecsv")
                                .map(format -> "training-" + number + "." + format))
                        .toList());
        assertThat(temp.resolve("serial/results.npz")).doesNotExist();

        run(job("threads", DESIGN), OldResults.KEEP, CarrierKind.THREADS);
        assertThat(shards("threads")).isEqualTo(expected);

        Files.delete(temp.resolve("threads/summary.json"));
        Files.delete(temp.resolve("threads/training-00001.npz"));
        Files.writeString(temp.resolve("threads/.training-00002.npz.part"), "of a killed run");
        Files.writeString(temp.resolve("threads/training-00003.npz"), "of a run with smaller shards");
        try (FileChannel channel = FileChannel.open(journal("threads"), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 3);
        }
        run(job("threads", DESIGN), OldResults.RESUME, CarrierKind.THREADS);
        assertThat(shards("threads")).isEqualTo(expected);
    }

    @Test
    void anotherDesignIsAnotherJob() throws Exception {
        run(job("one", DESIGN), OldResults.KEEP, CarrierKind.SERIAL);

        for (String change : List.of("design.draws=251", "design.kind=sobol", "job.seed=8")) {
            assertThatThrownBy(() -> JobRun.prepare(job("one", DESIGN, change), OldResults.RESUME, Map.of()))
                    .hasMessageContaining("another run");
        }
        assertThat(JobRun.prepare(job("one", DESIGN, "output.shard_rows=10"), OldResults.RESUME, Map.of())
                        .recordedCode())
                .hasValue(0);
    }

    @Test
    void theRecordOfARunHasItsDesign() throws Exception {
        run(job("one", DESIGN), OldResults.KEEP, CarrierKind.SERIAL);
        EvaluationSpec spec = EvaluationSpec.of(job("one", DESIGN));

        EvaluationResult read = RunReader.of(temp.resolve("one")).runPoints().result();

        assertThat(read.count(PointStatus.OK)).isEqualTo(POINTS);
        for (int point = 0; point < POINTS; point++) {
            assertThat(read.coordinates(point)).isEqualTo(spec.points().point(point));
        }
    }

    @Test
    void overwriteRemovesTheShardsOfAnEarlierRun() throws Exception {
        run(job("one", DESIGN, "output.shard_rows=10"), OldResults.KEEP, CarrierKind.SERIAL);
        Files.writeString(temp.resolve("one/training-notes.txt"), "mine");
        assertThat(new OutputDirectory(temp.resolve("one")).owns(temp.resolve("one/training-12345.npz")))
                .isTrue();

        run(job("one", DESIGN), OldResults.OVERWRITE, CarrierKind.SERIAL);

        assertThat(shards("one")).hasSize(13).containsKey("training-notes.txt");
    }

    @Test
    void pointsThatFailAreNotInTheFilesAndAreListed() throws Exception {
        Job job = job(
                "half",
                DESIGN,
                "model.name=org.astropool.internal.job.run.HalfBrokenModel",
                "design.kind=sobol",
                "design.draws=128");
        run(job, OldResults.KEEP, CarrierKind.THREADS);
        EvaluationResult result = RunReader.of(temp.resolve("half")).runPoints().result();

        assertThat(result.count(PointStatus.FAILED)).isEqualTo(64); // a Sobol sequence of 2^7 points is balanced
        List<String> rows = new ArrayList<>();
        for (String shard : List.of("training-00000.ecsv", "training-00001.ecsv")) {
            Files.readAllLines(temp.resolve("half").resolve(shard)).stream()
                    .filter(line -> line.matches("[0-9].*"))
                    .forEach(rows::add);
        }
        assertThat(rows.stream().map(row -> Integer.valueOf(row.split(" ")[0])))
                .containsExactlyElementsOf(
                        result.pointsWith(PointStatus.OK).stream().boxed().toList());
        assertThat(Files.readAllLines(temp.resolve("half/failures.ecsv")))
                .filteredOn(line -> line.contains("ArithmeticException"))
                .hasSize(64);
    }

    /** In every format, with every type of output and every status. */
    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void outputsThatAreNotInMemoryAreReadFromTheJournal(TableFormat format) throws Exception {
        Job job = job("grid", GRID, "output.formats=[\"" + format.label() + "\"]");
        run(job, OldResults.KEEP, CarrierKind.THREADS);
        run(job, OldResults.RETRY_FAILED, CarrierKind.SERIAL); // so that points have several records
        EvaluationSpec spec = EvaluationSpec.of(job);
        EvaluationResult result = new EvaluationResult(spec, 0, new JournalledOutputs(journal("grid"), 17));
        PointJournal.read(journal("grid"), PointJournal.header(journal("grid")), result);

        assertThat(spec.outputs().stream().filter(output -> result.isHeld(output.name())))
                .containsExactly(spec.outputs().get(0));
        Path copy = temp.resolve("copy");
        TableWriter.write(new ResultTables(result).results(), format, copy);
        assertThat(copy).hasSameBinaryContentAs(temp.resolve("grid/results." + format.label()));
    }

    @Test
    void aJournalThatIsCutMeanwhileIsAnErrorThatNamesIt() throws Exception {
        Job job = job("grid", GRID);
        run(job, OldResults.KEEP, CarrierKind.SERIAL);
        EvaluationResult result =
                new EvaluationResult(EvaluationSpec.of(job), 0, new JournalledOutputs(journal("grid"), 17));
        PointJournal.read(journal("grid"), PointJournal.header(journal("grid")), result);
        result.value("product", 0);
        try (FileChannel channel = FileChannel.open(journal("grid"), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 8);
        }

        for (TableFormat format : TableFormat.values()) {
            Path copy = temp.resolve("copy." + format.label());
            assertThatThrownBy(() -> TableWriter.write(new ResultTables(result).results(), format, copy))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(journal("grid").toString());
            assertThat(copy).doesNotExist();
            assertThat(temp.resolve(".copy." + format.label() + ".part")).doesNotExist();
        }
    }
}
