package org.astropool.internal.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.astropool.internal.job.DurationText;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.JobFile;
import org.astropool.internal.job.config.Setting;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.internal.job.run.JobRun.OldResults;
import org.astropool.internal.job.run.JobRun.Written;
import org.astropool.internal.job.run.Termination.Cause;
import org.astropool.internal.journal.Journal;
import org.astropool.internal.journal.JournalHeader;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.ProgressListener.Progress;
import org.astropool.task.FailureKind;
import org.astropool.task.Outcome;
import org.astropool.task.TaskFailure;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that was cut, and what the next one makes of it; {@link CountingModel} counts the evaluations. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobRunTest {
    private static final int POINTS = 100;
    private static final Pool SERIAL =
            Pool.open(PoolOptions.builder().carrier(CarrierKind.SERIAL).build());
    private static final Pool THREADS = Pool.open(
            PoolOptions.builder().carrier(CarrierKind.THREADS).workers(2).build());

    @TempDir
    private Path temp;

    @BeforeEach
    void forget() {
        CountingModel.reset();
    }

    @AfterAll
    static void close() {
        SERIAL.close();
        THREADS.close();
    }

    private static Pool pool(String name) {
        return name.equals("serial") ? SERIAL : THREADS;
    }

    private Job job(String out, String... settings) throws Exception {
        Path file = temp.resolve("job.toml");
        Files.writeString(file, """
                [job]
                name = "cut"
                seed = 7
                [model]
                name = "org.astropool.internal.job.run.CountingModel"
                options = { batch = 4 }
                [grid]
                a = { from = 0.0, to = 99.0, count = %d }
                """.formatted(POINTS));
        List<Setting> all = new ArrayList<>(List.of(
                Setting.ofString("--out", "output.directory", temp.resolve(out).toString())));
        for (String setting : settings) {
            all.add(Setting.parse(setting));
        }
        return JobFile.read(file, all, Map.of());
    }

    private static Written run(Job job, OldResults old, Pool pool, RunCancellation stop) throws Exception {
        try (JobRun run = JobRun.prepare(job, old, Map.of())) {
            run.begin();
            return run.write(run.evaluate(pool, stop, progress -> {}), "test");
        }
    }

    private static Written run(Job job, OldResults old, Pool pool) throws Exception {
        return run(job, old, pool, new RunCancellation());
    }

    private byte[] table(String out) throws IOException {
        return Files.readAllBytes(temp.resolve(out).resolve("results.ecsv"));
    }

    private Path journal(String out) {
        return temp.resolve(out).resolve("journal/points.journal");
    }

    /** Runs to the end on one thread, and counts from now on. */
    private byte[] uninterrupted() throws Exception {
        assertThat(run(job("whole"), OldResults.KEEP, SERIAL).exitCode()).isEqualTo(ExitCode.OK);
        CountingModel.CALLS.clear();
        return table("whole");
    }

    /** A run that a signal ends after some of its points. */
    private void cutBySignal(String out, int after, Pool pool) throws Exception {
        RunCancellation stop = new RunCancellation();
        AtomicInteger calls = new AtomicInteger();
        CountingModel.meanwhile(a -> {
            if (calls.incrementAndGet() == after) {
                stop.end(new Termination(Cause.SIGTERM, "SIGTERM came"));
            }
        });
        Written written = run(job(out), OldResults.KEEP, pool, stop);
        assertThat(written.exitCode()).isEqualTo(ExitCode.TERMINATED);
        assertThat(temp.resolve(out).resolve("results.ecsv")).doesNotExist();
        CountingModel.meanwhile(a -> {});
    }

    /** What a killed run leaves: a part of its journal, and nothing else of value. */
    private void cutByKill(String out, double part) throws Exception {
        run(job(out), OldResults.KEEP, SERIAL);
        for (Path file : new OutputDirectory(temp.resolve(out)).ours()) {
            if (!file.equals(journal(out))) {
                Files.delete(file);
            }
        }
        try (FileChannel channel = FileChannel.open(journal(out), StandardOpenOption.WRITE)) {
            channel.truncate((long) (channel.size() * part));
        }
        CountingModel.CALLS.clear();
    }

    private EvaluationResult inJournal(String out) throws Exception {
        EvaluationResult result = new EvaluationResult(EvaluationSpec.of(job(out)));
        PointJournal.read(journal(out), PointJournal.header(journal(out)), result);
        return result;
    }

    private static List<Double> values(IntStream points) {
        return points.mapToObj(point -> (double) point).toList();
    }

    private Map<String, String> files(String out) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(temp.resolve(out))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(file.toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return content;
    }

    // ---- resume ----

    @ParameterizedTest
    @CsvSource({"serial, threads", "threads, serial"})
    void aRunEndedByASignalContinuesOnAnotherPool(String first, String second) throws Exception {
        byte[] expected = uninterrupted();
        cutBySignal("cut", 30, pool(first));
        BitSet finished = inJournal("cut").pointsWith(PointStatus.OK);
        assertThat(finished.cardinality()).isBetween(1, POINTS - 1);

        assertThat(run(job("cut"), OldResults.RESUME, pool(second)).exitCode()).isEqualTo(ExitCode.OK);
        assertThat(table("cut")).isEqualTo(expected);
        assertEvaluatedOnce(finished);
    }

    /** Others may have been: a chunk that its worker began while it was being withdrawn. */
    private static void assertEvaluatedOnce(BitSet finished) {
        assertThat(CountingModel.CALLS).hasSize(POINTS);
        assertThat(finished.stream().map(point -> CountingModel.CALLS.getOrDefault((double) point, 0)))
                .containsOnly(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.5, 0.77, 0.999})
    void aKilledRunContinuesWithTheMissingBatches(double part) throws Exception {
        byte[] expected = uninterrupted();
        cutByKill("cut", part);
        List<Double> missing = values(inJournal("cut").missing().stream());

        try (JobRun run = JobRun.prepare(job("cut"), OldResults.RESUME, Map.of())) {
            assertThat(run.finishedPoints()).isEqualTo(POINTS - missing.size());
            run.begin();
            run.write(run.evaluate(THREADS, new RunCancellation(), progress -> {}), "test");
        }

        assertThat(table("cut")).isEqualTo(expected);
        assertThat(CountingModel.CALLS.keySet()).containsExactlyInAnyOrderElementsOf(missing);
        assertThat(missing.size() % 4).isZero();
    }

    @ParameterizedTest
    @CsvSource({"RESUME, serial", "RESUME, threads", "RETRY_FAILED, threads"})
    void progressOfAResumedRunIncludesTheFinishedPoints(OldResults old, String pool) throws Exception {
        CountingModel.failAt(a -> a < 10);
        cutByKill("cut", 0.5);
        EvaluationResult before = inJournal("cut");
        int failed = before.count(PointStatus.FAILED);
        assertThat(failed).isBetween(1, 10);
        List<Progress> heard = new ArrayList<>();

        try (JobRun run = JobRun.prepare(job("cut"), old, Map.of())) {
            run.begin();
            run.evaluate(pool(pool), new RunCancellation(), heard::add);
        }

        int done = POINTS - before.missing().cardinality();
        assertThat(heard.get(0))
                .isEqualTo(
                        old == OldResults.RESUME
                                ? new Progress(done, failed, POINTS)
                                : new Progress(done - failed, 0, POINTS));
        assertThat(heard.get(heard.size() - 1)).isEqualTo(new Progress(POINTS, 10, POINTS));
    }

    /** Done to a directory while its run goes on. */
    private enum Loss {
        REMOVED("the output directory "),
        RENAMED("the output directory "),
        REPLACED("the journal "),
        FOLDER_REMOVED("the journal "),
        JOURNAL_REMOVED("the journal "),
        JOURNAL_REPLACED("the journal "),
        LOCK_REMOVED("the lock ");

        private final String what;

        Loss(String what) {
            this.what = what;
        }

        void happen(Path directory) {
            try {
                Path journal = directory.resolve("journal/points.journal");
                switch (this) {
                    case REMOVED -> remove(directory);
                    case RENAMED -> Files.move(directory, directory.resolveSibling("renamed"));
                    case REPLACED -> {
                        remove(directory);
                        Files.createDirectory(directory);
                    }
                    case FOLDER_REMOVED -> remove(journal.getParent());
                    case JOURNAL_REMOVED -> Files.delete(journal);
                    case JOURNAL_REPLACED -> {
                        Path copy = Files.copy(journal, directory.resolve("copy"));
                        Files.move(copy, journal, StandardCopyOption.REPLACE_EXISTING);
                    }
                    case LOCK_REMOVED -> Files.delete(directory.resolve("journal/lock"));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void remove(Path folder) throws IOException {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryThatIsLostDuringTheRunIsReportedAndNotWrittenTo(Loss loss) throws Exception {
        Path out = temp.resolve("lost");
        AtomicInteger calls = new AtomicInteger();
        CountingModel.meanwhile(a -> {
            if (calls.incrementAndGet() == 50) {
                loss.happen(out);
            }
        });

        Written written = run(job("lost"), OldResults.KEEP, THREADS);

        Termination end = written.run().earlyEnd().orElseThrow();
        assertThat(end.cause()).isEqualTo(Cause.DIRECTORY_LOST);
        assertThat(written.exitCode()).isEqualTo(ExitCode.ENDED_EARLY);
        assertThat(end.message())
                .startsWith(loss.what + out)
                .contains("was removed, renamed or replaced during the run", "--resume")
                .doesNotContain("taken over");
        assertThat(written.files()).isEmpty();
        assertThat(out.resolve("summary.json")).doesNotExist();
        if (loss == Loss.RENAMED || loss == Loss.LOCK_REMOVED) { // nothing is lost then
            CountingModel.meanwhile(a -> {});
            String where = loss == Loss.RENAMED ? "renamed" : "lost";
            Files.deleteIfExists(temp.resolve(where).resolve("journal/lock")); // which a process that ended has no more
            assertThat(inJournal(where).count(PointStatus.OK)).isPositive();
            assertThat(run(job(where), OldResults.RESUME, SERIAL).exitCode()).isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void aDirectoryThatIsLostBeforeTheFirstPointIsReported() throws Exception {
        try (JobRun run = JobRun.prepare(job("lost"), OldResults.KEEP, Map.of())) {
            Loss.REMOVED.happen(run.directory());

            assertThatThrownBy(run::begin)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("the output directory " + run.directory() + " was removed")
                    .hasMessageNotContaining("free disk space");
        }
    }

    /** A million points may fail, each with a traceback. */
    @Test
    void textsOfVeryManyFailuresDoNotFillTheMemory() throws Exception {
        int points = 50_000;
        EvaluationResult result = new EvaluationResult(EvaluationSpec.of(job("many", "grid.a.count=" + points)));
        String text = "y".repeat(4000);
        for (int point = 0; point < points; point++) {
            result.add(new Outcome.Failed<>(
                    point,
                    new Outcome.Execution(1, 0, "here", 0.5),
                    TaskFailure.ofProgram(FailureKind.EXCEPTION, text, text).at(0, "here", 1)));
        }

        assertThat(result.failures()).hasSize(points);
        assertThat(result.failures().get(0).reason()).isEqualTo(text);
        assertThat(result.failures().get(points - 1).reason()).contains("characters were cut here");
        assertThat(result.failures().stream()
                        .mapToLong(failure ->
                                failure.reason().length() + failure.output().length())
                        .sum())
                .isLessThan((1L << 24) + points * 300L);
    }

    @Test
    void anIncompleteEndIsRemovedAndReported() throws Exception {
        byte[] expected = uninterrupted();
        cutByKill("cut", 1);
        try (FileChannel channel = FileChannel.open(journal("cut"), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 3);
        }

        try (JobRun run = JobRun.prepare(job("cut"), OldResults.RESUME, Map.of())) {
            assertThat(run.reports()).singleElement().asString().contains("were being written when the run ended");
            run.begin();
            run.write(run.evaluate(SERIAL, new RunCancellation(), progress -> {}), "test");
        }

        assertThat(table("cut")).isEqualTo(expected);
        assertThat(inJournal("cut").missing().isEmpty()).isTrue();
    }

    @Test
    void aDamagedRecordIsReportedWithItsOffsetAndItsPointsAreEvaluatedAgain() throws Exception {
        byte[] expected = uninterrupted();
        cutByKill("cut", 1);
        List<Long> firsts = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        Journal.read(journal("cut"), null, (first, count, payload) -> {
            firsts.add(first);
            counts.add(count);
        });
        long middle = damageRecord(firsts.get(1));

        try (JobRun run = JobRun.prepare(job("cut"), OldResults.RESUME, Map.of())) {
            assertThat(run.reports())
                    .singleElement()
                    .asString()
                    .contains("damaged bytes at offset " + middle, "they are evaluated again");
            run.begin();
            run.write(run.evaluate(THREADS, new RunCancellation(), progress -> {}), "test");
        }

        int first = firsts.get(1).intValue();
        assertThat(CountingModel.CALLS.keySet())
                .containsExactlyInAnyOrderElementsOf(values(IntStream.range(first, first + counts.get(1))));
        assertThat(table("cut")).isEqualTo(expected);
    }

    /** Changes a byte of the payload of the record of a task. @return the record's offset */
    private long damageRecord(long firstTask) throws IOException {
        byte[] bytes = Files.readAllBytes(journal("cut"));
        byte[] key = ByteBuffer.allocate(4)
                .put("PNTS".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .array();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        int offset = IntStream.range(0, bytes.length - 28)
                .filter(i -> Arrays.equals(bytes, i, i + 4, key, 0, 4) && buffer.getLong(i + 8) == firstTask)
                .findFirst()
                .orElseThrow();
        bytes[offset + 40] ^= 1;
        Files.write(journal("cut"), bytes);
        return offset;
    }

    @Test
    void theSummaryOfARunThatEndedEarlyDoesNotStopAResume() throws Exception {
        cutBySignal("cut", 20, SERIAL);
        assertThat(temp.resolve("cut/summary.json")).content().contains("\"complete\":false", "\"sigterm\"");

        assertThat(run(job("cut"), OldResults.RESUME, THREADS).exitCode()).isEqualTo(ExitCode.OK);

        assertThat(temp.resolve("cut/summary.json")).content().contains("\"complete\":true", "\"reason\":null");
    }

    @Test
    void aCompleteRunIsNotResumed() throws Exception {
        run(job("cut"), OldResults.KEEP, SERIAL);
        Map<String, String> before = files("cut");

        try (JobRun run = JobRun.prepare(job("cut"), OldResults.RESUME, Map.of())) {
            assertThat(run.recordedCode()).hasValue(0);
        }

        assertThat(files("cut")).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            job.seed=8                 | job.seed was 7, it is 8
            grid.a.count=50            | grid.a.count was 100, it is 50
            grid.a.to=98.0             | grid.a.to was 99.0, it is 98.0
            parameters.a.label="A"     | parameters.a.label was nothing, it is A
            model.options.scale=2.0    | model.options.scale was nothing, it is 2.0
            model.options.batch=5      | model.options.batch was 4, it is 5
            job.name="other"           | job.name was cut, it is other
            """)
    void aResumeWithAnotherJobIsRefusedAndChangesNothing(String setting, String difference) throws Exception {
        cutByKill("killed", 0.6);
        cutBySignal("ended", 20, SERIAL);
        for (String out : List.of("killed", "ended")) {
            Map<String, String> before = files(out);

            assertThatThrownBy(() -> JobRun.prepare(job(out, setting), OldResults.RESUME, Map.of()))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining(difference)
                    .hasMessageContaining("--overwrite");
            assertThatThrownBy(() -> JobRun.check(job(out, setting), OldResults.RESUME, false))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining(difference)
                    .hasMessageContaining("--overwrite");

            assertThat(JobRun.check(job(out), OldResults.RESUME, false)).isEmpty();
            assertThat(files(out)).isEqualTo(before);
        }
    }

    @Test
    void aResumeWithOtherDataIsRefused() throws Exception {
        Path data = Files.writeString(temp.resolve("data.txt"), "1 2 3");
        String setting = "model.options.data=\"" + data + "\"";
        run(job("complete", setting), OldResults.KEEP, SERIAL);
        run(job("killed", setting), OldResults.KEEP, SERIAL);
        Files.delete(temp.resolve("killed/summary.json"));
        Files.writeString(data, "1 2 4");

        for (String out : List.of("complete", "killed")) {
            Map<String, String> before = files(out);
            assertThatThrownBy(() -> JobRun.prepare(job(out, setting), OldResults.RESUME, Map.of()))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining("data files");
            assertThat(files(out)).isEqualTo(before);
        }
    }

    @Test
    void theJournalOfAnotherReleaseIsRefused() throws Exception {
        JournalHeader mine = PointJournal.header(EvaluationSpec.of(job("old")), List.of());
        JournalHeader old = new JournalHeader(
                "0.0.1", mine.job(), mine.model(), mine.jobDigest(), mine.modelDigest(), mine.points());
        Journal.create(journal("old"), old).close();
        Map<String, String> before = files("old");

        assertThatThrownBy(() -> JobRun.prepare(job("old"), OldResults.RESUME, Map.of()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("its release is \"0.0.1\"");

        assertThat(files("old")).isEqualTo(before);
    }

    // ---- points that failed ----

    @Test
    void onlyFailedPointsAreEvaluatedAgainWithTheirBatches() throws Exception {
        byte[] expected = uninterrupted();
        CountingModel.failAt(a -> a == 10 || a == 50);
        assertThat(run(job("cut"), OldResults.KEEP, THREADS).exitCode()).isEqualTo(ExitCode.FAILURES);
        CountingModel.reset();

        Written written = run(job("cut"), OldResults.RETRY_FAILED, SERIAL);

        assertThat(written.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(CountingModel.CALLS.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        values(IntStream.concat(IntStream.range(8, 12), IntStream.range(48, 52))));
        assertThat(table("cut")).isEqualTo(expected);
        assertThat(temp.resolve("cut/failures.ecsv")).doesNotExist();
    }

    @Test
    void aResumeDoesNotEvaluateFailedPointsAgain() throws Exception {
        CountingModel.failAt(a -> a == 10);
        cutBySignal("cut", 30, SERIAL);
        CountingModel.CALLS.clear();

        assertThat(run(job("cut"), OldResults.RESUME, SERIAL).exitCode()).isEqualTo(ExitCode.FAILURES);

        assertThat(CountingModel.CALLS).doesNotContainKey(10.0);
    }

    @Test
    void aRetryThatIsStoppedIsNotComplete() throws Exception {
        CountingModel.failAt(a -> a % 4 == 0);
        run(job("cut"), OldResults.KEEP, SERIAL);
        CountingModel.reset();
        RunCancellation stop = new RunCancellation();
        CountingModel.meanwhile(a -> stop.end(new Termination(Cause.SIGINT, "SIGINT came")));

        Written stopped = run(job("cut"), OldResults.RETRY_FAILED, SERIAL, stop);
        assertThat(stopped.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(stopped.run().result().count(PointStatus.MISSING)).isBetween(1, 24);

        CountingModel.reset();
        assertThat(run(job("cut"), OldResults.RETRY_FAILED, SERIAL).exitCode()).isEqualTo(ExitCode.OK);
        assertThat(table("cut")).isEqualTo(uninterrupted());
    }

    /** Else a retry of several starts would begin again in each of them. */
    @Test
    void aRetryThatWasStoppedIsContinuedByAResumeThatKeepsItsFailures() throws Exception {
        CountingModel.failAt(a -> a % 4 == 0);
        run(job("cut"), OldResults.KEEP, SERIAL);
        CountingModel.CALLS.clear();
        RunCancellation stop = new RunCancellation();
        CountingModel.meanwhile(a -> {
            if (a >= 40) {
                stop.end(new Termination(Cause.SIGINT, "SIGINT came"));
            }
        });
        Written stopped = run(job("cut"), OldResults.RETRY_FAILED, SERIAL, stop);
        int again = stopped.run().result().count(PointStatus.FAILED);
        Set<Double> called = Set.copyOf(CountingModel.CALLS.keySet());
        CountingModel.reset();

        Written resumed = run(job("cut"), OldResults.RESUME, SERIAL);

        assertThat(again).isBetween(1, 24);
        assertThat(resumed.run().isComplete()).isTrue();
        assertThat(resumed.run().result().count(PointStatus.FAILED)).isEqualTo(again);
        assertThat(CountingModel.CALLS).isNotEmpty();
        assertThat(CountingModel.CALLS.keySet()).doesNotContainAnyElementsOf(called);
    }

    @Test
    void withdrawnFailuresAreEvaluatedByTheNextRun() throws Exception {
        CountingModel.failAt(a -> a == 10 || a == 50 || a == 51);
        run(job("cut"), OldResults.KEEP, SERIAL);
        CountingModel.reset();

        FailedOutcomes.withdraw(temp.resolve("cut"));

        RunStatus status = RunReader.of(temp.resolve("cut")).status();
        assertThat(status.failed()).isZero();
        assertThat(status.isComplete()).isFalse();
        assertThat(run(job("cut"), OldResults.RESUME, SERIAL).exitCode()).isEqualTo(ExitCode.OK);
        assertThat(table("cut")).isEqualTo(uninterrupted());
    }

    @Test
    void aResumedRunWithSomeOkPointsDoesNotEndWhenAllOthersFail() throws Exception {
        cutBySignal("cut", 20, SERIAL);
        CountingModel.failAt(a -> true);

        Written written = run(job("cut", "run.stop_when_all_fail=5"), OldResults.RESUME, SERIAL);

        assertThat(written.exitCode()).isEqualTo(ExitCode.FAILURES);
    }

    // ---- directories ----

    @Test
    void aDirectoryWithOnlyAJournalIsKept() throws Exception {
        cutByKill("cut", 0.5);
        Map<String, String> before = files("cut");

        assertThatThrownBy(() -> JobRun.prepare(job("cut"), OldResults.KEEP, Map.of()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("points.journal")
                .hasMessageContaining("--resume");

        assertThat(files("cut")).isEqualTo(before);
    }

    @Test
    void overwriteRemovesAllFilesOfAKilledRun() throws Exception {
        cutByKill("cut", 0.5);
        Path folder = temp.resolve("cut");
        for (String leftover : List.of(
                "journal/.points.journal.part",
                "journal/.job.json.part",
                "journal/.activity.json.part",
                "journal/activity.json",
                "journal/lock.0123-4567",
                "journal/lock.99.now",
                ".results.ecsv.part",
                ".summary.json.part")) {
            Files.writeString(folder.resolve(leftover), "half");
        }
        Files.writeString(folder.resolve("slurm-17.out"), "not ours");

        run(job("cut"), OldResults.OVERWRITE, SERIAL);

        assertThat(CountingModel.CALLS).hasSize(POINTS);
        assertThat(folder.resolve("journal/activity.json")).content().startsWith("{");
        assertThat(files("cut").keySet().stream()
                        .map(name -> name.substring(folder.toString().length() + 1)))
                .containsExactlyInAnyOrder(
                        "journal/points.journal",
                        "journal/job.json",
                        "journal/activity.json",
                        "results.ecsv",
                        "results.fits",
                        "timings.fits",
                        "summary.json",
                        "slurm-17.out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"KEEP", "RESUME", "RETRY_FAILED", "OVERWRITE"})
    void ofTwoRunsOnOneDirectoryTheSecondIsRefused(OldResults second) throws Exception {
        try (JobRun first = JobRun.prepare(job("cut"), OldResults.KEEP, Map.of())) {
            assertThatThrownBy(() -> JobRun.prepare(job("cut"), second, Map.of()))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("another --out");
            first.begin();
            assertThat(first.write(first.evaluate(SERIAL, new RunCancellation(), progress -> {}), "test")
                            .exitCode())
                    .isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void aRunWhoseDirectoryWasTakenOverWritesNothing() throws Exception {
        try (JobRun run = JobRun.prepare(job("cut"), OldResults.KEEP, Map.of())) {
            run.begin();
            EvaluationRun evaluated = run.evaluate(SERIAL, new RunCancellation(), progress -> {});
            Files.delete(temp.resolve("cut/journal/lock"));
            Files.writeString(temp.resolve("cut/journal/lock"), "another's");

            Written written = run.write(evaluated, "test");

            assertThat(written.exitCode()).isEqualTo(ExitCode.ENDED_EARLY);
            assertThat(written.run().earlyEnd())
                    .get()
                    .extracting(Termination::cause)
                    .isEqualTo(Cause.TAKEN_OVER);
            assertThat(written.files()).isEmpty();
        }
        assertThat(temp.resolve("cut/summary.json")).doesNotExist();
        assertThat(temp.resolve("cut/journal/lock")).hasContent("another's");
    }

    // ---- time ----

    @Test
    void aTimeLimitEndsARunAndTheNextOnesFinishIt() throws Exception {
        byte[] expected = uninterrupted();
        RunCancellation stop = new RunCancellation();
        AtomicInteger calls = new AtomicInteger();
        CountingModel.meanwhile(a -> {
            if (calls.incrementAndGet() == 30) {
                stop.endWithin(Duration.ZERO, "the time limit of 20 s");
            }
        });

        Written written = run(job("cut"), OldResults.KEEP, SERIAL, stop);

        assertThat(written.exitCode()).isEqualTo(ExitCode.ENDED_EARLY);
        assertThat(written.run().earlyEnd()).get().satisfies(end -> {
            assertThat(end.cause()).isEqualTo(Cause.TIME_LIMIT);
            assertThat(end.message()).contains("the time limit of 20 s");
        });
        CountingModel.meanwhile(a -> {});
        BitSet finished = inJournal("cut").pointsWith(PointStatus.OK);
        run(job("cut"), OldResults.RESUME, THREADS);
        assertThat(table("cut")).isEqualTo(expected);
        assertEvaluatedOnce(finished);
    }

    @Test
    void aTimeLimitBeyondTheRangeOfTheClockIsIgnored() throws Exception {
        RunCancellation stop = new RunCancellation();
        stop.endWithin(DurationText.parse("9999999999999 h"), "the time limit");

        assertThat(run(job("cut"), OldResults.KEEP, SERIAL, stop).exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void aHangingPointIsNotAwaitedWhenTheRunIsAbandoned() throws Exception {
        try (Pool pool = Pool.open(
                PoolOptions.builder().carrier(CarrierKind.THREADS).workers(1).build())) {
            RunCancellation stop = new RunCancellation();
            CountingModel.meanwhile(a -> {
                if (a == 40) {
                    stop.end(new Termination(Cause.SIGTERM, "SIGTERM came"));
                    stop.abandon();
                    CountingModel.hang();
                }
            });
            Written written = run(job("cut"), OldResults.KEEP, pool, stop);

            assertThat(written.exitCode()).isEqualTo(ExitCode.TERMINATED);
            assertThat(written.run().result().isOk(0)).isTrue();
            assertThat(written.run().result().status(40)).isEqualTo(PointStatus.MISSING);
        }
    }

    @Test
    void theTableSoFarHasRowsOfTheFinalTable() throws Exception {
        String whole = new String(uninterrupted(), java.nio.charset.StandardCharsets.UTF_8);
        cutBySignal("cut", 30, SERIAL);
        Path table = temp.resolve("so-far.ecsv");

        RunReader.of(temp.resolve("cut")).writeTable(table);

        List<String> rows = rows(Files.readString(table));
        assertThat(rows).hasSizeBetween(1, POINTS - 1).isSubsetOf(rows(whole));
    }

    private static List<String> rows(String table) {
        return table.lines().filter(line -> !line.startsWith("#")).skip(1).collect(Collectors.toList());
    }
}
