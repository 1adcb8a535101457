package org.astropool.internal.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.grack.nanojson.JsonParser;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.JobFile;
import org.astropool.internal.job.config.Setting;
import org.astropool.internal.job.run.JobRun.OldResults;
import org.astropool.internal.job.run.JobRun.Written;
import org.astropool.internal.job.run.Termination.Cause;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.ProgressListener.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that look for their points themselves. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SearchRunTest {
    private static final String JOB = """
            [job]
            name = "search"
            seed = 3
            [model]
            name = "sample"
            [parameters]
            b = { label = "b_0", prior = { kind = "normal", mean = 1.0, std = 2.0 } }
            a = { prior = { kind = "flat", from = -3.0, to = 30.0 } }
            """;
    private static final String SAMPLER = JOB + """
            [sampler]
            walkers = 8
            steps = 60
            burn = 10
            moves = { stretch = 0.8, de = 0.2 }
            start = { around = { a = 1.0, b = 0.5 }, spread = { a = 2.0, b = 0.5 } }
            [output]
            formats = ["csv"]
            """;

    @TempDir
    private Path temp;

    private JobRun prepared(String toml, String out, OldResults old) throws Exception {
        Path file = Files.writeString(temp.resolve("job.toml"), toml);
        Setting setting =
                Setting.ofString("--out", "output.directory", temp.resolve(out).toString());
        return JobRun.prepare(JobFile.read(file, List.of(setting), Map.of()), old, Map.of());
    }

    private Written run(String toml, String out, OldResults old, String carrier, int workers) throws Exception {
        try (JobRun run = prepared(toml, out, old);
                Pool pool = Pool.open(PoolOptions.builder()
                        .carrier(CarrierKind.of(carrier))
                        .workers(workers)
                        .build())) {
            run.begin();
            return run.write(run.evaluate(pool, new RunCancellation(), progress -> {}), carrier);
        }
    }

    private Written run(String toml, String out) throws Exception {
        return run(toml, out, OldResults.KEEP, "serial", 0);
    }

    private String chain(String out) throws Exception {
        return Files.readString(temp.resolve(out).resolve("chain.csv"));
    }

    /** What stands in the summary of a run; the last key is wanted, those before it lead there. */
    private Object summary(String out, String... keys) throws Exception {
        Map<?, ?> at =
                JsonParser.object().from(Files.readString(temp.resolve(out).resolve("summary.json")));
        for (String key : Arrays.copyOf(keys, keys.length - 1)) {
            at = (Map<?, ?>) at.get(key);
        }
        return at.get(keys[keys.length - 1]);
    }

    private double number(String out, String... keys) throws Exception {
        return ((Number) summary(out, keys)).doubleValue();
    }

    @Test
    void aChainIsWrittenWithItsOutputsAndForGetDist() throws Exception {
        run(SAMPLER, "out");

        List<String> rows = chain("out").lines().toList();
        assertThat(rows.get(0)).isEqualTo("walker,step,b,a,log_likelihood,product,steps,good,word,pair,log_posterior");
        assertThat(rows).hasSize(1 + 8 * 51);
        assertThat(rows.get(1)).startsWith("0,10,");
        String[] cells = rows.get(1).split(",", -1);
        assertThat(Double.parseDouble(cells[5])) // the outputs are those of the row's point
                .isEqualTo(Double.parseDouble(cells[2]) * Double.parseDouble(cells[3]));
        assertThat(Files.readAllLines(temp.resolve("out/chain.txt"))).hasSize(8 * 51);
        assertThat(Files.readString(temp.resolve("out/chain.paramnames"))).isEqualTo("b b_0\na a\n");
        assertThat(Files.readString(temp.resolve("out/chain.ranges"))).isEqualTo("b N N\na -3.0 30.0\n");
        assertThat(((Map<?, ?>) summary("out", "marginals", "b"))
                        .keySet().stream().map(String::valueOf))
                .containsExactlyInAnyOrder(
                        "mean",
                        "std",
                        "quantile_16",
                        "median",
                        "quantile_84",
                        "mc_error",
                        "autocorrelation_time",
                        "effective_samples");
    }

    @Test
    void progressOfAResumedChainCountsFromItsJournalAndHasNoTotal() throws Exception {
        run(SAMPLER, "out");
        Files.delete(temp.resolve("out/summary.json"));
        Path journal = temp.resolve("out/journal/points.journal");
        try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
        List<Progress> heard = new ArrayList<>();

        try (JobRun run = prepared(SAMPLER, "out", OldResults.RESUME);
                Pool pool = Pool.open(
                        PoolOptions.builder().carrier(CarrierKind.SERIAL).build())) {
            long before = run.finishedPoints();
            assertThat(before).isPositive();
            run.begin();
            run.evaluate(pool, new RunCancellation(), heard::add);
            assertThat(heard.get(0)).isEqualTo(new Progress(before, 0, -1));
        }
    }

    @ParameterizedTest
    @CsvSource({"threads, 1", "threads, 2", "threads, 7", "processes, 2"})
    void theChainDoesNotDependOnThePool(String carrier, int workers) throws Exception {
        run(SAMPLER, "serial");
        run(SAMPLER, "other", OldResults.KEEP, carrier, workers);

        assertThat(chain("other")).isEqualTo(chain("serial"));
    }

    @Test
    void failedPointsAreRejectedMovesAndCounted() throws Exception {
        run(SAMPLER.replace("name = \"sample\"", "name = \"org.astropool.internal.job.run.HalfBrokenModel\""), "half");

        int failed = (int) number("half", "sampler", "failed");
        assertThat(failed).isPositive();
        assertThat(Files.readAllLines(temp.resolve("half/failures.ecsv")).stream()
                        .filter(line -> line.contains("not below 0")))
                .hasSize(failed);
        assertThat(chain("half").lines().skip(1).map(row -> Double.parseDouble(row.split(",")[3])))
                .allMatch(a -> a >= 0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0, 0.3, 0.77, 0.999})
    void anInterruptedChainContinuesWithTheSameNumbers(double share) throws Exception {
        run(SAMPLER, "whole");
        run(SAMPLER, "cut");
        Files.delete(temp.resolve("cut/summary.json"));
        Path journal = temp.resolve("cut/journal/points.journal");
        try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.WRITE)) {
            channel.truncate(Math.max(300, (long) (share * channel.size())));
        }

        Written resumed = run(SAMPLER, "cut", OldResults.RESUME, "threads", 2);

        assertThat(chain("cut")).isEqualTo(chain("whole"));
        assertThat(resumed.run().evaluated()).isLessThan(8 * 61);
        assertThat(prepared(SAMPLER, "cut", OldResults.RESUME).recordedCode()).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0, 0.4, 1.0})
    void aResumeWithMoreStepsGivesTheFilesOfAnUndisturbedLongChain(double share) throws Exception {
        String longer = SAMPLER.replace("steps = 60", "steps = 120");
        Written undisturbed = run(longer, "long");
        run(SAMPLER, "grown");
        Path journal = temp.resolve("grown/journal/points.journal");
        if (share < 1) { // a run that was killed, else one that is complete
            Files.delete(temp.resolve("grown/summary.json"));
            try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.WRITE)) {
                channel.truncate(Math.max(300, (long) (share * channel.size())));
            }
        }

        List<Progress> heard = new ArrayList<>();
        try (JobRun run = prepared(longer, "grown", OldResults.RESUME);
                Pool pool = Pool.open(
                        PoolOptions.builder().carrier(CarrierKind.SERIAL).build())) {
            assertThat(run.recordedCode()).isEmpty();
            assertThat(run.finishedPoints() > 0).isEqualTo(share > 0);
            run.begin();
            Written written = run.write(run.evaluate(pool, new RunCancellation(), heard::add), "serial");
            assertThat(written.exitCode()).isEqualTo(ExitCode.OK);
            if (share == 1) {
                assertThat(heard.get(0).done() + written.run().evaluated())
                        .as("only what is missing is evaluated")
                        .isEqualTo(undisturbed.run().evaluated());
                assertThat(heard.get(0).done()).isGreaterThan(8 * 30);
            }
        }

        for (String file : List.of("chain.csv", "chain.txt", "chain.paramnames", "chain.ranges")) {
            assertThat(temp.resolve("grown").resolve(file))
                    .hasSameTextualContentAs(temp.resolve("long").resolve(file));
        }
        for (String key : List.of("digest", "model_digest", "points", "best", "marginals", "sampler")) {
            assertThat(summary("grown", key)).as(key).isEqualTo(summary("long", key));
        }
        assertThat(PointJournal.header(journal))
                .isEqualTo(PointJournal.header(temp.resolve("long/journal/points.journal")));
        assertThat(prepared(longer, "grown", OldResults.RESUME).recordedCode()).hasValue(0);
        Files.delete(temp.resolve("grown/summary.json"));
        RunReader.of(temp.resolve("grown")).writeTable(temp.resolve("again.csv"));
        run(longer, "grown", OldResults.RESUME, "threads", 2);
        assertThat(chain("grown")).isEqualTo(chain("long"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "steps = 60   | steps = 59   | sampler.steps was 60, it is 59",
                "seed = 3     | seed = 4     | job.seed was 3, it is 4",
                "walkers = 8  | walkers = 10 | sampler.walkers was 8, it is 10",
                "de = 0.2     | de = 0.3     | sampler.moves.de was 0.2, it is 0.3",
                "mean = 1.0   | mean = 1.5   | parameters.b.prior.mean was 1.0, it is 1.5",
            })
    void noOtherChangeOfAChainIsAcceptedEvenWithMoreSteps(String old, String now, String message) throws Exception {
        run(SAMPLER, "out");
        byte[] journal = Files.readAllBytes(temp.resolve("out/journal/points.journal"));
        String changed = SAMPLER.replace(old, now);
        List<String> jobs = old.startsWith("steps")
                ? List.of(changed)
                : List.of(changed, changed.replace("steps = 60", "steps = 120"));

        for (String job : jobs) {
            for (boolean isComplete : List.of(true, false)) {
                Path summary = temp.resolve("out/summary.json");
                byte[] text = Files.readAllBytes(summary);
                if (!isComplete) {
                    Files.delete(summary);
                }
                assertThatThrownBy(() -> prepared(job, "out", OldResults.RESUME))
                        .isInstanceOf(JobException.class)
                        .hasMessageContaining(message)
                        .satisfies(refusal -> assertThat(refusal.getMessage())
                                .doesNotContain(old.startsWith("steps") ? "seed was" : "steps was"));
                Files.write(summary, text);
            }
        }
        assertThat(temp.resolve("out/journal/points.journal")).hasBinaryContent(journal);
    }

    @Test
    void aRefusedLongerChainDoesNotChangeTheShorterOne() throws Exception {
        run(SAMPLER, "out");
        byte[] journal = Files.readAllBytes(temp.resolve("out/journal/points.journal"));

        prepared(SAMPLER.replace("steps = 60", "steps = 120"), "out", OldResults.RESUME)
                .close(); // no pool came

        assertThat(temp.resolve("out/journal/points.journal")).hasBinaryContent(journal);
        assertThat(prepared(SAMPLER, "out", OldResults.RESUME).recordedCode()).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ around = { a = 31.0, b = 0.5 }, spread = { a = 2.0, b = 0.5 } }     | a = 31.0 is outside of flat",
                "{ around = { a = 500.0, b = 0.5 }, spread = { a = 0.1, b = 0.5 } }    | a = 500.0 is outside of flat",
                "{ around = { a = 1.0, b = 0.5 }, spread = { a = 1e9, b = 0.5 } }      | is inside the prior",
                "{ around = { a = nan, b = 0.5 }, spread = { a = 0.1, b = 0.5 } }      | a",
            })
    void startsOutsideThePriorsAreRefusedBeforeTheRun(String start, String message) {
        String job = SAMPLER.replaceFirst("start = .*", "start = " + start);

        assertThatThrownBy(() -> prepared(job, "out", OldResults.KEEP))
                .isInstanceOf(JobException.class)
                .hasMessageContaining(message);
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void aStoppedChainKeepsItsStepsAndContinues() throws Exception {
        String job = SAMPLER.replace("steps = 60", "steps = 10000"); // longer than the time between two progresses
        run(job, "whole");
        RunCancellation stop = new RunCancellation();
        try (JobRun run = prepared(job, "stopped", OldResults.KEEP);
                Pool pool = Pool.open(PoolOptions.builder()
                        .carrier(CarrierKind.THREADS)
                        .workers(2)
                        .build())) {
            run.begin();
            EvaluationRun evaluated = run.evaluate(pool, stop, progress -> {
                if (progress.done() > 0) {
                    stop.end(new Termination(Cause.SIGTERM, "stopped by the test"));
                }
            });
            Written written = run.write(evaluated, "threads");
            assertThat(written.exitCode()).isEqualTo(ExitCode.TERMINATED);
            assertThat(temp.resolve("stopped/chain.csv")).doesNotExist();
        }
        RunReader.of(temp.resolve("stopped")).writeTable(temp.resolve("so-far.csv"));
        assertThat(Files.readString(temp.resolve("so-far.csv"))).startsWith("walker,step,b,a,");
        run(job, "stopped", OldResults.RESUME, "serial", 0);
        assertThat(chain("stopped")).isEqualTo(chain("whole"));
    }

    @Test
    void theRunThatIsReadAgainHasTheSameParametersInOrder() throws Exception {
        run(SAMPLER, "out");
        Files.delete(temp.resolve("out/summary.json"));
        Files.delete(temp.resolve("job.toml"));

        RunStatus status = RunReader.of(temp.resolve("out")).status();

        assertThat(status.best().keySet()).containsExactly("b", "a", "log_likelihood");
        assertThat(status.best().values()).doesNotContain(Double.NaN);
    }

    @Test
    void theMaximumIsFoundWithItsErrorsFromAllStarts() throws Exception {
        Written written = run(JOB + "[maximize]\nstarts = 3\n[output]\nformats = [\"csv\"]\n", "max");

        assertThat(number("max", "best", "a")).isCloseTo(0, within(1e-5));
        assertThat(number("max", "best", "b")).isCloseTo(0, within(1e-5));
        assertThat(number("max", "maximum", "agreeing")).isEqualTo(3);
        assertThat(number("max", "maximum", "errors", "a")).isCloseTo(1, within(1e-3));
        assertThat(Files.readAllLines(temp.resolve("max/maxima.csv"))).hasSize(4);
        assertThat(written.exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void theMaximumDoesNotDependOnTheNumberOfWorkers() throws Exception {
        String job = JOB + "[maximize]\nstarts = 3\n[output]\nformats = [\"csv\"]\n";
        run(job, "one");
        run(job, "many", OldResults.KEEP, "threads", 4);

        assertThat(Files.readString(temp.resolve("many/maxima.csv")))
                .isEqualTo(Files.readString(temp.resolve("one/maxima.csv")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            walkers = 8    | walkers = 7          | job.toml line 10: sampler.walkers is 7, it must be even
            walkers = 8    | walkers = 2          | sampler.walkers is 2, it must be from 4
            walkers = 8    | # none               | sampler.walkers is missing
            steps = 60     | # none               | sampler.steps is missing
            burn = 10      | burn = 60            | sampler.burn is 60, it must be "auto" or a number of steps below steps
            burn = 10      | brun = 10            | unknown key "sampler.brun", did you mean "burn"?
            burn = 10      | kind = "nuts"        | sampler.kind is "nuts", it must be "ensemble"
            burn = 10      | stop = { times = 5 } | sampler.stop needs autocorrelation_times
            stretch = 0.8  | stretch = -0.8       | sampler.moves: the weights of the moves are -0.8
            a = 1.0, b     | b                    | start.around has [b], it must have a value for each of [b, a]
            a = 2.0, b     | a = 0.0, b           | a spread is 0.0
            a = { prior    | c = { prior          | the model sample has no parameter "c"
            """)
    void badInputIsNamed(String good, String bad, String problem) throws Exception {
        assertThat(SAMPLER).contains(good);
        assertThatThrownBy(() -> prepared(
                        SAMPLER.replaceFirst(java.util.regex.Pattern.quote(good), bad), "out", OldResults.KEEP))
                .isInstanceOf(JobException.class)
                .hasMessageContaining(problem.replace("the model sample", "model sample"));
    }

    @Test
    void aParameterWithoutPriorAndAFixedOneAreReported() throws Exception {
        assertThatThrownBy(() -> prepared(SAMPLER.replaceAll("a = \\{ prior.*", ""), "out", OldResults.KEEP))
                .hasMessageContaining("parameter \"a\" of model sample has no value; give it a prior in [parameters]");
        List<String> rows = new ArrayList<>();
        run(
                SAMPLER.replace("[parameters]", "fixed = { b = 2.0 }\n[parameters]")
                        .replace(", b = 0.5", "")
                        .replace("walkers = 8", "walkers = 4"),
                "fixed");
        chain("fixed").lines().forEach(rows::add);
        assertThat(rows.get(0)).startsWith("walker,step,a,log_likelihood");
    }

    @Test
    void walkersStartInTheRowsOfATable() throws Exception {
        run(SAMPLER, "first");
        List<String> rows = chain("first").lines().toList();
        Files.write(
                temp.resolve("start.csv"),
                List.of(
                        rows.get(0),
                        rows.get(1),
                        rows.get(2),
                        rows.get(3),
                        rows.get(4),
                        rows.get(5),
                        rows.get(6),
                        rows.get(7),
                        rows.get(8)));
        String job = SAMPLER.replaceAll("start = .*", "start = \"start.csv\"").replace("burn = 10", "burn = 0");

        run(job, "second");

        assertThat(chain("second").lines().skip(1).findFirst().orElseThrow().split(",")[2])
                .isEqualTo(rows.get(1).split(",")[2]);
        assertThatThrownBy(() -> prepared(job.replace("walkers = 8", "walkers = 10"), "third", OldResults.KEEP))
                .hasMessageContaining("has 8 rows, there are 10 walkers");
    }

    @Test
    void walkersStartFromAnyTableOfPoints() throws Exception {
        Files.writeString(temp.resolve("start.out"), """
                # %ECSV 1.0
                # ---
                # datatype:
                # - {name: a, unit: mmag, datatype: float64}
                # - {name: b, datatype: float64}
                a b
                100 0
                200 1
                300 0
                400 1
                500 0
                600 1
                700 0
                800 1
                """);
        String start = "start = { file = \"start.out\", format = \"ecsv\" }";
        String job = SAMPLER.replaceAll("start = .*", start).replace("burn = 10", "burn = 0");

        run(job, "units");

        assertThat(chain("units").lines().skip(1).limit(8))
                .allSatisfy(
                        row -> assertThat(Double.parseDouble(row.split(",")[3])).isBetween(0.1, 0.8));
        for (String other : List.of("\"not-there.csv\"", "\".\"", "{ file = \"start.out\", format = \"fits\" }")) {
            assertThatThrownBy(() -> prepared(job.replace(start, "start = " + other), "other", OldResults.KEEP))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining(temp.toString());
        }
    }
}
