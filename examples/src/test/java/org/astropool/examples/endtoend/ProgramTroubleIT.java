package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.astropool.examples.endtoend.Command.Ended;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A Python program that exits, crashes, hangs or eats memory costs its point, and nothing is left of it. */
class ProgramTroubleIT {
    private static final Path PROGRAM = Path.of("src/test/resources/programs/trouble.py");
    private static final int SLEEPS_FOR_EVER = 5;

    @TempDir
    private Path temp;

    private Path job;

    @BeforeEach
    void write() throws IOException {
        Files.copy(PROGRAM, temp.resolve("trouble.py"));
        job = Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "trouble"
                [model]
                program = ["%s", "trouble.py"]
                environment = { FOLDER = "%s" }
                [grid]
                trouble = { from = 0.0, to = 11.0, count = 12 }
                [run]
                timeout = "3 s"
                """.formatted(TablesIT.PYTHON, temp));
    }

    @ParameterizedTest
    @EnumSource(names = {"THREADS", "OPEN_MPI", "MPICH"})
    void eachTroubleIsTheFailedPointThatAUserExpects(Way way) throws Exception {
        Ended ended =
                way.run(job.toString(), "--out", temp.resolve("out").toString()).run();

        assertThat(ended.code()).as(ended.toString()).isNotZero();
        Results results = new Results(temp.resolve("out"));
        assertThat(results.summary().getInt("exit_code")).isEqualTo(3);
        assertThat(results.rows("results.ecsv"))
                .containsExactly(
                        "0 0.0 1.5 ok",
                        "1 1.0 \"\" failed",
                        "2 2.0 2.5 ok",
                        "3 3.0 \"\" failed",
                        "4 4.0 \"\" failed",
                        "5 5.0 \"\" failed",
                        "6 6.0 \"\" failed",
                        "7 7.0 -inf ok",
                        "8 8.0 \"\" failed",
                        "9 9.0 \"\" failed",
                        "10 10.0 \"\" skipped",
                        "11 11.0 \"\" failed");
        assertThat(results.rows("failures.ecsv"))
                .satisfiesExactly(
                        row -> assertThat(row).startsWith("1 1.0 exception").contains("SystemExit: 3"),
                        row -> assertThat(row)
                                .startsWith("3 3.0 exception")
                                .contains("ZeroDivisionError: division by zero", "return 1 / 0"),
                        row -> assertThat(row).startsWith("4 4.0 exception").contains("MemoryError"),
                        row -> assertThat(row).startsWith("5 5.0 timeout"),
                        row -> assertThat(row)
                                .startsWith("6 6.0 worker-lost")
                                .contains("killed by SIGKILL", "about to be killed"),
                        row -> assertThat(row).startsWith("8 8.0 not-a-number"),
                        row -> assertThat(row).startsWith("9 9.0 exception").contains("exit code 4", "about to leave"),
                        row -> assertThat(row).startsWith("10 10.0 skipped").contains("not here"),
                        row -> assertThat(row).startsWith("11 11.0 exception").contains("ValueError"));
    }

    @Test
    void aMegabyteOfMessageAPointFillsNeitherTheMemoryNorTheTables() throws Exception {
        int points = 150;
        Files.writeString(temp.resolve("trouble.py"), """
                from astropool import serve

                def log_likelihood(trouble):
                    raise ValueError("x" * 1_000_000 + " at last")

                serve(log_likelihood)
                """);
        Path out = temp.resolve("out");
        Command run = Command.astropool("run", job.toString(), "--workers", "2", "--out", out.toString())
                .and("--set", "grid.trouble.count=" + points, "--set", "run.stop_when_all_fail=0")
                .with("ASTROPOOL_JAVA_OPTS", "-Xmx64m -XX:TieredStopAtLevel=1");

        run.run().with(3);
        Files.delete(out.resolve("summary.json"));
        Path journal = out.resolve("journal/points.journal");
        try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
        run.and("--resume").run().with(3);

        assertThat(Files.size(journal)).isLessThan(points * 20_000L);
        assertThat(Files.size(out.resolve("failures.ecsv"))).isLessThan(points * 20_000L);
        assertThat(new Results(out).rows("failures.ecsv"))
                .hasSize(points)
                .allMatch(row -> row.contains("characters were cut here] ") && row.contains("at last"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "KILL"})
    void nothingIsLeftWhenTheMasterEndsWhileAProgramHangs(String signal) throws Exception {
        // not the first point: that is tried before the run begins
        Running running = Command.astropool("run", job.toString(), "--grace", "1s", "--set", "run.timeout=\"none\"")
                .and("--set", "grid.trouble={values=[0.0, " + SLEEPS_FOR_EVER + "]}")
                .heedingSignals()
                .start();
        running.await(() -> Files.exists(temp.resolve("sleeps")));

        running.signal(signal);

        running.end();
    }

    @Test
    void programThatCannotBeUsedIsRefusedBeforeAnythingStarts() throws Exception {
        assertRefused("model.program=[\"./no-such\"]", "no-such does not exist");
        assertRefused("model.program=[\"echo\", \"loading\"]", "loading", "docs/co-process.md");
        assertRefused("model.program=[\"" + TablesIT.PYTHON + "\", \"no-such.py\"]", "No such file", "exit code 2");
    }

    private void assertRefused(String setting, String... said) throws IOException, InterruptedException {
        Ended ended =
                Command.astropool("run", job.toString(), "--set", setting).run().with(2);

        assertThat(ended.err()).doesNotContain("\tat ");
        assertThat(ended.err()).contains(said);
        assertThat(temp.resolve("out/trouble/results.ecsv")).doesNotExist();
    }

    @Test
    void onePointIsTriedWithEverythingShown() throws Exception {
        Ended ended = Command.astropool("try", job.toString(), "--point", "trouble=3")
                .run()
                .with(3);

        assertThat(ended.out())
                .contains(
                        "trouble.py",
                        "said hello: {\"astropool\": 1",
                        "was sent: {\"points\": [[3.0]]",
                        "ZeroDivisionError",
                        "return 1 / 0");
    }
}
