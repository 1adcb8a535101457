package org.astropool.internal.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.JobFile;
import org.astropool.internal.job.run.JobRun.OldResults;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A look at a run from outside: before it has begun, while it goes on, cut off, damaged, complete. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunReaderTest {

    @TempDir
    private Path temp;

    private Path out;

    @BeforeEach
    void forget() {
        CountingModel.reset();
        CountingModel.failAt(a -> a % 10 == 3);
        out = temp.resolve("out");
    }

    private JobRun prepare() throws Exception {
        Path file = Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "looked-at"
                [model]
                name = "org.astropool.internal.job.run.CountingModel"
                [grid]
                a = { from = 0.0, to = 99.0, count = 100 }
                [output]
                directory = "out"
                """);
        return JobRun.prepare(JobFile.read(file, List.of(), Map.of()), OldResults.RESUME, Map.of());
    }

    private void run() throws Exception {
        try (JobRun run = prepare();
                Pool pool = Pool.open(
                        PoolOptions.builder().carrier(CarrierKind.SERIAL).build())) {
            run.begin();
            run.write(run.evaluate(pool, new RunCancellation(), progress -> {}), "serial");
        }
    }

    private Path journal() {
        return out.resolve("journal/points.journal");
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.put(file.toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return found;
    }

    private RunStatus status() throws Exception {
        return RunReader.of(out).status();
    }

    private void assertUnreadable(String why) {
        assertThatThrownBy(this::status).isInstanceOf(JobException.class).hasMessageContaining(why);
    }

    @Test
    void aDirectoryWithoutARunIsReported() throws Exception {
        assertUnreadable("is not a directory");
        Files.createDirectories(out);
        assertUnreadable("holds no run");
        Files.writeString(out.resolve("summary.json"), "{ \"complete\": fal");
        assertUnreadable("holds no run");
    }

    @Test
    void aRunWithoutAPointIsReportedWithTheHolderOfTheDirectory() throws Exception {
        try (JobRun run = prepare()) {
            assertThat(status().isStarting()).isTrue();
            assertThat(status().isRunning()).isTrue();
            assertThat(status().holder().map(Object::toString).orElse("")).isNotEmpty();
            assertThatThrownBy(() -> RunReader.of(out).writeTable(out.resolve("../rows.csv")))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining("has no point yet");
            run.begin();
            RunStatus status = status();
            assertThat(status.finished()).isZero();
            assertThat(status.points()).isEqualTo(100);
            assertThat(status.pace()).isEmpty();
            assertThat(JsonParser.object().from(status.json()).get("points_per_second"))
                    .isNull();
        }
    }

    @Test
    void aCompleteRunIsReadFromItsSummary() throws Exception {
        run();
        Map<String, String> before = files();

        RunStatus status = status();

        assertThat(status.isComplete()).isTrue();
        assertThat(status.isRunning()).isFalse();
        assertThat(status.ok()).isEqualTo(90);
        assertThat(status.failed()).isEqualTo(10);
        assertThat(status.end()).get().extracting(RunStatus.End::exitCode).isEqualTo(3);
        assertThat(status.best()).containsEntry("a", 20.0);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void anInterruptedRunIsReadFromItsJournal() throws Exception {
        run();
        Files.delete(out.resolve("summary.json"));
        try (FileChannel channel = FileChannel.open(journal(), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 5);
        }
        Map<String, String> before = files();

        RunStatus status = status();

        assertThat(status.isComplete()).isFalse();
        assertThat(status.finished()).isBetween(1L, 99L);
        assertThat(status.journal()).get().satisfies(file -> {
            assertThat(file.tornBytes()).isPositive();
            assertThat(file.bytes()).isEqualTo(Files.size(journal()));
        });
        assertThat(status.failures()).singleElement().satisfies(failures -> {
            assertThat(failures.kind()).isEqualTo("exception");
            assertThat(failures.count()).isEqualTo((int) status.failed());
            assertThat(failures.example().index()).isEqualTo(3);
            assertThat(failures.example().reason()).contains("told to fail");
        });
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aRunningRunIsReadWhileItIsWritten() throws Exception {
        CountingModel.meanwhile(a -> {
            awaitTickOfTheFileClock(); // or the first points could be as old as the run, which has no pace then
            if (a == 50) {
                assertRunningAndWriteATable();
            }
        });

        run();

        List<String> rows = Files.readAllLines(temp.resolve("so-far.csv"));
        assertThat(rows).hasSizeBetween(2, 100);
        assertThat(status().isComplete()).isTrue();
    }

    private void awaitTickOfTheFileClock() {
        try {
            Path probe = Files.createTempFile(temp, "probe", "");
            FileTime begin = Files.getLastModifiedTime(probe);
            do {
                Files.writeString(probe, "tick");
            } while (Files.getLastModifiedTime(probe).equals(begin));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertRunningAndWriteATable() {
        try {
            RunReader reader = RunReader.of(out);
            RunStatus status = reader.status();
            while (status.finished() == 0) { // within a second, by the promise of the journal
                Thread.onSpinWait();
                reader = RunReader.of(out);
                status = reader.status();
            }
            assertThat(status.isRunning()).isTrue();
            assertThat(status.finished()).isBetween(1L, 99L);
            assertThat(status.pace().orElseThrow().pointsPerSecond()).isPositive();
            assertThat(status.timeLeft()).isPresent();
            reader.writeTable(temp.resolve("so-far.csv"));
            JsonObject json = JsonParser.object().from(status.json());
            assertThat(json.getBoolean("running")).isTrue();
            assertThat(json.getObject("process").getString("pid"))
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void readingContinuesAfterReportedDamage() throws Exception {
        run();
        Files.delete(out.resolve("summary.json"));
        byte[] bytes = Files.readAllBytes(journal());
        bytes[bytes.length / 2] ^= 1;
        Files.write(journal(), bytes);

        RunStatus status = status();

        assertThat(status.finished()).isBetween(1L, 99L);
        assertThat(status.journal().orElseThrow().damages())
                .singleElement()
                .satisfies(damage -> assertThat(damage.offset()).isBetween(1L, (long) bytes.length / 2));
        assertThat(status.json()).contains("\"offset\"");
    }

    @Test
    void aDamagedHeaderOrAMissingRecordIsAnError() throws Exception {
        run();
        Files.delete(out.resolve("summary.json"));
        byte[] bytes = Files.readAllBytes(journal());
        bytes[30] ^= 1;
        Files.write(journal(), bytes);
        assertUnreadable("points.journal");
        Files.delete(out.resolve("journal/job.json"));
        assertUnreadable("job.json");
    }

    @Test
    void everyFormatHasTheRowsSoFar() throws Exception {
        run();
        for (String ending : List.of("ecsv", "fits", "csv", "votable", "VOT")) {
            Path table = temp.resolve("so-far." + ending);
            RunReader.of(out).writeTable(table);
            assertThat(table).isNotEmptyFile();
        }
        assertThat(temp.resolve("so-far.ecsv")).hasSameBinaryContentAs(out.resolve("results.ecsv"));
    }

    @Test
    void aTableCannotReplaceAFileOfTheRun() throws Exception {
        run();
        Map<String, String> before = files();
        Path link = Files.createSymbolicLink(temp.resolve("link"), out);
        for (String file : List.of("results.ecsv", "results.votable", "journal/x.csv", "failures.ecsv")) {
            for (Path folder : List.of(out, link)) {
                assertThatThrownBy(() -> RunReader.of(out).writeTable(folder.resolve(file)))
                        .isInstanceOf(JobException.class)
                        .hasMessageContaining("a file of the run itself");
            }
        }
        assertThat(files()).isEqualTo(before);
        RunReader.of(out).writeTable(out.resolve("so-far.csv"));
    }
}
