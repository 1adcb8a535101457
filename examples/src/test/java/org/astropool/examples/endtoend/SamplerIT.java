package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A chain is the same to the byte, whatever evaluates its points and whatever happens to it. */
class SamplerIT {
    private static final String JOB = """
            [job]
            name = "chain"
            seed = 20261122
            [model]
            name = "supernova-distances"
            options = { dataset = "simulated", cosmology = "flat-wcdm" }
            [parameters]
            omega_m = { label = "\\\\Omega_m", prior = { kind = "flat", from = 0.0, to = 1.0 } }
            w = { prior = { kind = "flat", from = -2.5, to = 0.0 } }
            [sampler]
            walkers = 12
            steps = 150
            moves = { stretch = 0.8, de = 0.2 }
            [output]
            formats = ["ecsv"]
            """;

    /** The chain of a serial run, which takes its time but once. */
    private static String serial = "";

    @TempDir
    private Path temp;

    private Path job;

    @BeforeEach
    void write() throws IOException {
        job = Files.writeString(temp.resolve("chain.toml"), JOB);
    }

    private Command run(Command astropool, String out) {
        return astropool.and(
                job.toString(), "--progress", "none", "--out", temp.resolve(out).toString());
    }

    private Command run(String pool, int workers, String out) {
        return run(Command.astropool("run"), out).and("--pool", pool, "--workers", String.valueOf(workers));
    }

    private String chain(String out) throws IOException {
        return new Results(temp.resolve(out)).text("chain.ecsv");
    }

    private void assertSerial(String out) throws IOException, InterruptedException {
        if (serial.isEmpty()) {
            run("serial", 1, "serial").run().with(0);
            serial = chain("serial");
        }
        assertThat(chain(out)).isEqualTo(serial);
    }

    @ParameterizedTest
    @CsvSource({"threads, 1", "threads, 2", "threads, 7", "processes, 2", "processes, 7"})
    void theChainDoesNotDependOnThePool(String pool, int workers) throws Exception {
        run(pool, workers, "out").run().with(0);

        assertSerial("out");
    }

    @Test
    void aPlanSaysWhatAStepTakesAndBeginsTheChain() throws Exception {
        String planned = run(Command.astropool("plan"), "out")
                .and("--json", "--effective-samples", "1000")
                .run()
                .with(0)
                .out();

        JsonObject plan = JsonParser.object().from(planned);
        assertThat(plan.getInt("evaluated")).isBetween(200, 220);
        assertThat(plan.getObject("step_seconds").getDouble("median")).isPositive();
        assertThat(plan.getObject("sampler").getInt("steps")).isBetween(10, 20);
        assertThat(plan.getObject("sampler").getDouble("autocorrelation_time")).isPositive();
        assertThat(plan.getArray("warnings").toString()).contains("are a guess");

        run("threads", 2, "out").and("--resume").run().with(0);
        assertSerial("out");
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void theChainDoesNotDependOnRanks(Mpiexec mpiexec) throws Exception {
        run(Command.astropool(mpiexec.ranks(3), "run"), "out")
                .and("--master-evaluates", "no", "--threads", "1")
                .run()
                .with(0);

        assertSerial("out");
    }

    @Test
    void aChainWhoseMasterWasKilledGoesOnElsewhere() throws Exception {
        Path journal = temp.resolve("out/journal/points.journal");
        Running running = run("processes", 7, "out").start();
        running.await(() -> Files.exists(journal) && Files.size(journal) > 10_000);
        running.signal("KILL");
        running.await();
        assertThat(temp.resolve("out/summary.json")).doesNotExist();

        run("threads", 2, "out").and("--resume").run().with(0);

        assertSerial("out");
    }
}
