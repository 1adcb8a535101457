package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the core-seconds of a run went ({@code status --ledger}), and why it is slow ({@code explain}). */
class LedgerIT {
    private static final int SHORT_POINTS = 10;
    private static final double SHORT = 0.05;
    private static final double LONG = 1.2;
    private static final int SLOTS = 2;

    @TempDir
    private Path temp;

    private Path output;

    private JsonObject statusLedger() throws Exception {
        String json = Command.astropool("status", output.toString(), "--ledger", "--json")
                .run()
                .with(0)
                .out();
        return JsonParser.object().from(json).getObject("total");
    }

    /** Short points on both slots, and then a long one on one of them. */
    private Path jobWithATail() throws IOException {
        output = temp.resolve("out");
        Files.writeString(temp.resolve("points.csv"), "seconds\n" + (SHORT + "\n").repeat(SHORT_POINTS) + LONG + "\n");
        return Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "tail"
                [model]
                name = "sleep"
                [points]
                file = "points.csv"
                """);
    }

    @ParameterizedTest
    @EnumSource(names = {"THREADS", "HAZELCAST", "OPEN_MPI", "MPICH"})
    void thePartsAddUpAndATailIsShownAsLongAsItIs(Way way) throws Exception {
        Path job = jobWithATail();
        long begin = System.nanoTime();
        way.run(job.toString(), "--out", output.toString()).run().with(0);
        double seconds = (System.nanoTime() - begin) * 1e-9;

        JsonObject ledger = new Results(output).summary().getObject("ledger");
        double allocation = ledger.getDouble("allocation");
        double sum = ledger.keySet().stream().mapToDouble(ledger::getDouble).sum() - allocation;
        assertThat(sum).isCloseTo(allocation, within(0.01 * allocation));
        assertThat(allocation - ledger.getDouble("outside")).isLessThan(SLOTS * seconds);
        assertThat(ledger.getDouble("evaluation"))
                .isBetween(SHORT_POINTS * SHORT + LONG, SHORT_POINTS * SHORT + LONG + 0.5);
        assertThat(ledger.getDouble("tail")).isBetween(LONG - 3 * SHORT, LONG + 0.3);
        if (way == Way.THREADS) {
            assertThat(statusLedger()).isEqualTo(ledger);
            assertThat(Command.astropool("explain", output.toString())
                            .run()
                            .with(0)
                            .out())
                    .contains("The tail", "--costs-from");
            Files.delete(output.resolve("journal").resolve("activity.json"));
            assertThat(Command.astropool("explain", output.toString())
                            .run()
                            .with(2)
                            .err())
                    .contains("has no record of its workers");
        }
    }

    /**
     * The launcher script builds a fresh clone, and is replaced by the program then: the process is older than the run.
     */
    @Test
    void whatHappenedBeforeTheBuildHadEndedIsNotPartOfTheRun() throws Exception {
        Path job = jobWithATail();
        Command.astropool("run", job.toString(), "--out", output.toString())
                .after(
                        "sh",
                        "-c",
                        "sleep 4; ASTROPOOL_BUILT_AT=$(date +%s); export ASTROPOOL_BUILT_AT; exec \"$@\"",
                        "sh")
                .run()
                .with(0);

        assertThat(new Results(output).summary().getObject("ledger").getDouble("start"))
                .as("core-seconds of the start, on %s cores", SLOTS)
                .isLessThan(SLOTS * 4);
    }

    @Test
    void aSlowWorkerIsNamed() throws Exception {
        output = temp.resolve("out");
        Files.writeString(temp.resolve("model"), """
                pause=0.02
                if mkdir slow 2>/dev/null; then echo $PPID >slow/pid; pause=0.1; fi
                echo '{"astropool": 1, "parameters": ["x"], "outputs": ["y"]}'
                while read -r points; do sleep $pause; echo '{"results": [[1.0]]}'; done
                """);
        Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "slow"
                [model]
                program = ["sh", "model"]
                [grid]
                x = { from = 0.0, to = 1.0, count = 30 }
                """);

        // The first process, of the trial, serves a slot of the master, too.
        Way.OPEN_MPI
                .run(temp.resolve("job.toml").toString(), "--out", output.toString(), "--master-evaluates", "yes")
                .run()
                .with(0);

        String pid = Files.readString(temp.resolve("slow").resolve("pid")).strip();
        assertThat(Command.astropool("explain", output.toString()).run().with(0).out())
                .containsPattern("The points of rank 0 on \\S+ \\(process " + pid + "\\) take \\d");
    }
}
