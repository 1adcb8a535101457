package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.astropool.examples.endtoend.Results.Worker;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Grids give the same results to the byte, however they are run. The reference is a serial run. */
class GridIT {
    @TempDir
    private static Path temp;

    private static Results serial;

    @BeforeAll
    static void evaluateSerially() throws Exception {
        serial = SupernovaGrid.serially(temp);
    }

    @Test
    void supernovaGridHasThePublishedMarginals() throws Exception {
        JsonObject marginals = serial.summary().getObject("marginals");

        assertMarginal(marginals.getObject("omega_m"), 0.3137, 0.0753);
        assertMarginal(marginals.getObject("w"), -1.0903, 0.2203);
    }

    /** The ranks may evaluate, too, when there are more processors than ranks. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SERIAL")
    void supernovaGridIsTheSameToTheByte(Way way) throws Exception {
        Path output = temp.resolve("supernovae-" + way);

        Results results = SupernovaGrid.run(way.run(SupernovaGrid.arguments(output)), output);

        String here = serial.workers().get(0).host();
        SupernovaGrid.assertSameFrom(results, serial, way.host(here));
        if (way.hasRanks()) {
            assertThat(results.workers()).extracting(Worker::rank).contains(1, 2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"THREADS", "HAZELCAST", "OPEN_MPI", "MPICH"})
    void batchesAreTheSameOnEveryPool(Way way) throws Exception {
        // batches of 7: the last one is short
        Path job = Files.writeString(temp.resolve("batches.toml"), """
                [job]
                name = "batches"
                [model]
                name = "batch-dependent"
                [grid]
                x = { from = 0.0, to = 1.0, count = 2500 }
                """);

        assertThat(batches(way, job)).isEqualTo(batches(Way.SERIAL, job));
    }

    private static String batches(Way way, Path job) throws IOException, InterruptedException {
        Path output = temp.resolve("batches-" + way);
        way.run(job.toString(), "--class-path", Command.TEST_MODELS.toString(), "--out", output.toString())
                .and("--overwrite")
                .run()
                .with(0);
        return new Results(output).text("results.ecsv");
    }

    /** From an independent program, to four digits. */
    private static void assertMarginal(JsonObject marginal, double mean, double std) {
        assertThat(marginal.getDouble("mean")).isCloseTo(mean, within(1e-4));
        assertThat(marginal.getDouble("std")).isCloseTo(std, within(1e-4));
    }
}
