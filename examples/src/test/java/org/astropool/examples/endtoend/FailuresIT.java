package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.astropool.examples.Troublesome;
import org.astropool.examples.endtoend.Command.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Points that fail do not harm the others, unless everything does; {@link Troublesome} makes the trouble. */
class FailuresIT {
    private static final String EVERY_TROUBLE = """
            [job]
            name = "troubles"
            [model]
            name = "troublesome"
            options = { sleep_ms = 600000 }
            fixed = { x = 1.5 }
            [grid]
            trouble = { from = 0.0, to = 10.0, count = 11 }
            [run]
            timeout = "3 s"
            """;

    private static final String LARGE_GRID_OF_ONE_TROUBLE = """
            [job]
            name = "one-trouble"
            [model]
            name = "troublesome"
            fixed = { trouble = %d }
            [grid]
            x = { from = 0.0, to = 1.0, count = 100000 }
            [run]
            timeout = "1 s"
            """;

    private static final int THROWS = Troublesome.Trouble.THROWS.ordinal();
    private static final int HANGS_FOR_GOOD = Troublesome.Trouble.HANGS_FOR_GOOD.ordinal();

    @TempDir
    private Path temp;

    /** Two slots each, one of which the last point takes for good. */
    @ParameterizedTest
    @EnumSource(names = {"THREADS", "HAZELCAST", "OPEN_MPI", "MPICH", "MPJ_MULTICORE"})
    void pointsThatFailAreListedAndTheOthersAreThere(Way way) throws Exception {
        Ended ended = run(way, EVERY_TROUBLE);

        assertThat(ended.code()).as(ended.toString()).isNotZero(); // a bare mpiexec may return its own
        assertThat(ended.err()).contains("8 of 11 points failed, more than allow_failures");
        JsonObject summary = results().summary();
        assertThat(summary.getInt("exit_code")).isEqualTo(3);
        assertThat(summary.getBoolean("complete")).isTrue();
        assertThat(results().rows("results.ecsv"))
                .containsExactly(
                        ok("0 0.0 -1.125"),
                        empty("1 1.0", "failed"),
                        empty("2 2.0", "failed"),
                        empty("3 3.0", "failed"),
                        ok("4 4.0 -inf"),
                        empty("5 5.0", "failed"),
                        empty("6 6.0", "skipped"),
                        empty("7 7.0", "failed"),
                        empty("8 8.0", "failed"),
                        empty("9 9.0", "failed"),
                        empty("10 10.0", "failed"));
        assertThat(results().rows("failures.ecsv"))
                .satisfiesExactly(
                        row -> assertThat(row).startsWith("1 1.0 exception").contains("told to throw"),
                        row -> assertThat(row).startsWith("2 2.0 exception").contains("told to throw an error"),
                        row -> assertThat(row).startsWith("3 3.0 not-a-number"),
                        row -> assertThat(row).startsWith("5 5.0 not-a-number"),
                        row -> assertThat(row).startsWith("6 6.0 skipped").contains("told to skip"),
                        row -> assertThat(row).startsWith("7 7.0 exception").contains("log_likelihood"),
                        row -> assertThat(row).startsWith("8 8.0 timeout"),
                        row -> assertThat(row).startsWith("9 9.0 timeout"),
                        row -> assertThat(row).startsWith("10 10.0 timeout"));
    }

    @Test
    void asManyFailuresAsAreAllowedAreNoError() throws Exception {
        String[] withoutHanging = {"--set", "grid.trouble.to=7.0", "--set", "grid.trouble.count=8"};

        run(Way.THREADS, EVERY_TROUBLE, withoutHanging, "--set", "run.allow_failures=5")
                .with(0);
        assertThat(results().summary().getInt("failed")).isEqualTo(5);
        assertThat(results().rows("failures.ecsv")).hasSize(6); // one was skipped

        run(Way.THREADS, EVERY_TROUBLE, withoutHanging, "--set", "run.allow_failures=4", "--overwrite")
                .with(3);
    }

    @ParameterizedTest
    @EnumSource(names = {"THREADS", "OPEN_MPI"})
    void aRunWhereEverythingFailsIsEnded(Way way) throws Exception {
        Ended ended = run(way, LARGE_GRID_OF_ONE_TROUBLE.formatted(THROWS));

        assertEndedEarly(ended);
        assertThat(ended.err()).contains("all failed", "told to throw");
    }

    @ParameterizedTest
    @EnumSource(names = {"THREADS", "MPICH"})
    void aRunIsEndedWhenEverySlotHangs(Way way) throws Exception {
        Ended ended = run(way, LARGE_GRID_OF_ONE_TROUBLE.formatted(HANGS_FOR_GOOD));

        assertEndedEarly(ended);
        assertThat(ended.err()).contains("2 tasks hang past their timeout", "as many as there are slots");
    }

    private void assertEndedEarly(Ended ended) throws Exception {
        assertThat(ended.code()).as(ended.toString()).isNotZero();
        JsonObject summary = results().summary();
        assertThat(summary.getInt("exit_code")).isEqualTo(4);
        assertThat(summary.getBoolean("complete")).isFalse();
        assertThat(temp.resolve("out/results.ecsv")).doesNotExist();
    }

    private static String ok(String row) {
        return row + " nan [1.5,3.0,4.5] " + Long.MAX_VALUE + " True \"µ \"\"quoted\"\", 1.5\" ok";
    }

    private static String empty(String row, String status) {
        return row + " \"\"".repeat(6) + " " + status;
    }

    private Ended run(Way way, String job, String[] options, String... more) throws IOException, InterruptedException {
        Path file = Files.writeString(temp.resolve("job.toml"), job);
        return way.run(file.toString(), "--class-path", Command.TEST_MODELS.toString())
                .and("--out", temp.resolve("out").toString(), "--threads", "1")
                .and(options)
                .and(more)
                .run();
    }

    private Ended run(Way way, String job) throws IOException, InterruptedException {
        return run(way, job, new String[0]);
    }

    private Results results() {
        return new Results(temp.resolve("out"));
    }
}
