package org.astropool.randomsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.grack.nanojson.JsonParser;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.astropool.internal.cli.report.RunReport;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.JobFile;
import org.astropool.internal.job.run.JobRun;
import org.astropool.internal.job.run.JobRun.OldResults;
import org.astropool.internal.job.run.JobRun.Written;
import org.astropool.internal.job.run.RunCancellation;
import org.astropool.internal.job.run.RunReader;
import org.astropool.internal.job.run.RunStatus;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A kind of search is one package and a line in a service file. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RandomSearchTest {
    private static final int POINTS = 40;
    private static final String JOB = """
            [job]
            name = "draws"
            seed = 3
            [model]
            name = "sample"
            [parameters]
            a = { prior = { kind = "flat", from = -3.0, to = 3.0 } }
            b = { prior = { kind = "normal", mean = 0.0, std = 1.0 } }
            [random]
            rounds = 8
            [output]
            formats = ["csv"]
            """;

    @TempDir
    private Path temp;

    private JobRun prepared(String toml, String folder, OldResults old) throws Exception {
        Path file = Files.createDirectories(temp.resolve(folder)).resolve("job.toml");
        return JobRun.prepare(JobFile.read(Files.writeString(file, toml), List.of(), Map.of()), old, Map.of());
    }

    private Written run(String toml, String folder, OldResults old) throws Exception {
        try (JobRun run = prepared(toml, folder, old);
                Pool pool = Pool.open(PoolOptions.builder()
                        .carrier(CarrierKind.THREADS)
                        .workers(2)
                        .build())) {
            run.begin();
            return run.write(run.evaluate(pool, new RunCancellation(), progress -> {}), "threads");
        }
    }

    private Path out(String folder) {
        return temp.resolve(folder).resolve("out/draws");
    }

    /** A value of summary.json; the last key is wanted, those before it lead there. */
    private Object summary(String folder, String... keys) throws Exception {
        Object value = JsonParser.object().from(Files.readString(out(folder).resolve("summary.json")));
        for (String key : keys) {
            value = Objects.requireNonNull(((Map<?, ?>) value).get(key), key);
        }
        return value;
    }

    /** The state after a run that was killed. */
    private void cutJournal(String folder) throws Exception {
        Files.delete(out(folder).resolve("summary.json"));
        try (FileChannel channel =
                FileChannel.open(out(folder).resolve("journal/points.journal"), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
    }

    @Test
    void aRunOfAnAddedKindOfSearchWritesItsFilesItsSummaryAndItsReport() throws Exception {
        Written written = run(JOB, "run", OldResults.KEEP);

        assertThat(written.exitCode()).isEqualTo(ExitCode.OK);
        List<String> rows = Files.readAllLines(out("run").resolve("draws.csv"));
        assertThat(rows).hasSize(1 + POINTS).startsWith("draw,a,b,log_likelihood");
        double highest = Double.NEGATIVE_INFINITY;
        int best = -1;
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split(",", -1);
            double a = Double.parseDouble(cells[1]);
            double b = Double.parseDouble(cells[2]);
            double value = Double.parseDouble(cells[3]);
            assertThat(value).as(row).isEqualTo(-0.5 * (a * a + b * b));
            if (value > highest) {
                highest = value;
                best = Integer.parseInt(cells[0]);
            }
        }
        assertThat(out("run").resolve("best-draw.txt")).hasContent(String.valueOf(best));
        assertThat(summary("run", "points")).isEqualTo(POINTS);
        assertThat(summary("run", "random", "best")).isEqualTo(best);
        assertThat(summary("run", "best", "log_likelihood")).isEqualTo(highest);
        assertThat(new RunReport(written, out("run")).toString())
                .contains("best draw", POINTS + " points were drawn", "draws.csv, best-draw.txt");
        RunStatus status = RunReader.of(out("run")).status();
        assertThat(status.ok()).isEqualTo(POINTS);
    }

    @Test
    void anInterruptedRunOfAnAddedKindOfSearchHasAStatusAndIsContinued() throws Exception {
        run(JOB, "undisturbed", OldResults.KEEP);
        run(JOB, "cut", OldResults.KEEP);
        cutJournal("cut");

        RunReader reader = RunReader.of(out("cut"));
        long before = reader.status().ok();
        assertThat(before).isBetween(5L, POINTS - 1L);
        assertThat(reader.status().points()).isEqualTo(RunStatus.UNKNOWN);
        Path soFar = temp.resolve("so-far.csv");
        reader.writeTable(soFar);
        assertThat(Files.readAllLines(soFar)).hasSizeBetween(2, POINTS).startsWith("draw,a,b,log_likelihood");

        Written written = run(JOB, "cut", OldResults.RESUME);
        assertThat(written.run().evaluated()).isEqualTo(POINTS - before);
        for (String file : List.of("draws.csv", "best-draw.txt")) {
            assertThat(out("cut").resolve(file))
                    .hasSameTextualContentAs(out("undisturbed").resolve(file));
        }
    }

    @Test
    void anAddedKindOfSearchCanBeMadeLonger() throws Exception {
        String longer = JOB.replace("rounds = 8", "rounds = 12");
        run(longer, "long", OldResults.KEEP);
        run(JOB, "grown", OldResults.KEEP);

        Written written = run(longer, "grown", OldResults.RESUME);

        assertThat(written.run().evaluated()).isEqualTo(4 * RandomSearchPlan.DEFAULT_POINTS);
        assertThat(out("grown").resolve("draws.csv"))
                .hasSameTextualContentAs(out("long").resolve("draws.csv"));
        assertThat(summary("grown", "digest")).isEqualTo(summary("long", "digest"));
    }

    @Test
    void otherPointsOfAnAddedKindOfSearchAreNotMixedWithOldOnes() throws Exception {
        run(JOB, "run", OldResults.KEEP);
        cutJournal("run");

        assertThatThrownBy(
                        () -> prepared(JOB.replace("rounds = 8", "rounds = 8\npoints = 6"), "run", OldResults.RESUME))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("random.points");
    }

    @Test
    void theFilesOfAnAddedKindOfSearchBelongToTheRun() throws Exception {
        run(JOB, "run", OldResults.KEEP);
        for (String file : List.of("summary.json", "journal/points.journal", "timings.fits", "draws.csv")) {
            Files.delete(out("run").resolve(file));
        }

        assertThatThrownBy(() -> run(JOB, "run", OldResults.KEEP))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("holds results (best-draw.txt)");
        run(JOB.replace("seed = 3", "seed = 4"), "run", OldResults.OVERWRITE);
        assertThatThrownBy(() -> RunReader.of(out("run")).writeTable(out("run").resolve("draws.csv")))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("would be a file of the run itself");
    }

    @Test
    void problemsInTheSectionOfAnAddedKindOfSearchAreReported() {
        assertThatThrownBy(() -> prepared(JOB.replace("rounds = 8", "rounds = 8\npionts = 6"), "run", OldResults.KEEP))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("unknown key \"random.pionts\", did you mean \"points\"?");
        assertThatThrownBy(() -> prepared(JOB.replace("rounds = 8", ""), "run", OldResults.KEEP))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("random.rounds is missing, for instance rounds = 10");
        assertThatThrownBy(() -> prepared(JOB + "[maximize]\n", "run", OldResults.KEEP))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("exactly one of [grid], [points], [tasks], [")
                .hasMessageContaining("[sampler], [maximize]")
                .hasMessageContaining("[random]");
        assertThatThrownBy(() -> prepared(JOB.replace("rounds = 8", "rounds = 2000000000"), "run", OldResults.KEEP))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("[random] asks for more than " + Integer.MAX_VALUE + " evaluations");
    }
}
