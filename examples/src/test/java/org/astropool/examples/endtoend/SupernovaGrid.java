package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.astropool.examples.endtoend.Results.Worker;
import org.astropool.examples.supernova.PublishedData;

/** The grid of 41 x 41 points that must give the same results everywhere. Needs the published data. */
final class SupernovaGrid {
    static final int POINTS = 41 * 41;

    private static final Path JOB = Command.CHECKOUT.resolve("examples/jobs/pantheon2018-binned-wcdm.toml");

    private SupernovaGrid() {}

    /** The arguments of {@code astropool run} that evaluate it. */
    static String[] arguments(Path output) {
        return new String[] {JOB.toString(), "--out", output.toString(), "--set", "output.formats=[\"ecsv\", \"csv\"]"};
    }

    /** Runs a command that evaluates it. */
    static Results run(Command command, Path output) throws IOException, InterruptedException {
        command.with("ASTROPOOL_DATA", PublishedData.folder().toAbsolutePath().toString())
                .run()
                .with(0);
        return new Results(output);
    }

    /** What all others are compared with. */
    static Results serially(Path temp) throws IOException, InterruptedException {
        Path output = temp.resolve("serially");
        return run(Way.SERIAL.run(arguments(output)), output);
    }

    /**
     * Checks that the results are the same to the byte, and that workers on exactly these hosts evaluated all of them.
     */
    static void assertSameFrom(Results results, Results expected, String... hosts) throws Exception {
        assertThat(results.text("results.ecsv")).isEqualTo(expected.text("results.ecsv"));
        assertThat(results.text("results.csv")).isEqualTo(expected.text("results.csv"));
        assertThat(results.workers().stream().mapToLong(Worker::evaluated).sum())
                .isEqualTo(POINTS);
        assertThat(results.workers()).allMatch(worker -> worker.evaluated() > 0, "has evaluated something");
        assertThat(results.workers()).extracting(Worker::host).containsOnly(hosts);
        assertThat(results.workers()).extracting(Worker::rank, Worker::pid).doesNotHaveDuplicates();
    }
}
