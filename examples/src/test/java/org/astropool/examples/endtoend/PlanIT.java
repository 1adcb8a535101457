package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.astropool.examples.endtoend.Command.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code astropool plan}: a pilot, which is the beginning of the run, and what it predicts. */
class PlanIT {
    private static final int POINTS = 250;
    /** A tenth of the points. */
    private static final int PILOT = 25;

    private static final double SECONDS = 0.02;
    private static final int PER_NODE = 2;

    @TempDir
    private Path temp;

    private Survey survey;

    private Command plan(String... options) throws Exception {
        return survey.by(Command.astropool("plan"))
                .and("--cores", String.valueOf(PER_NODE))
                .and(options);
    }

    private static JsonObject json(Ended ended) throws Exception {
        return JsonParser.object().from(ended.out());
    }

    @Test
    void theRunContinuesWithThePointsOfThePilot() throws Exception {
        survey = Survey.of(temp, POINTS).taking(SECONDS);

        // The memory is refused after the pilot, which measures it.
        Ended first = plan("--json", "--memory", "10M").run().with(2);
        assertThat(first.err()).contains("of memory, it has 10.0 MiB");
        JsonObject measured = json(first);
        assertThat(survey.evaluations()).isEqualTo(PILOT);
        assertThat(measured.getInt("evaluated")).isEqualTo(PILOT);
        assertThat(measured.getInt("points")).isEqualTo(POINTS);
        assertThat(measured.getDouble("start_seconds")).isPositive();
        assertThat(measured.getObject("point_seconds").getDouble("shortest")).isGreaterThanOrEqualTo(SECONDS);
        assertThat(measured.getObject("memory").getDouble("rank_bytes")).isGreaterThan(1 << 24);
        assertThat(measured.getObject("disk").getDouble("bytes")).isPositive();

        // Again: nothing is evaluated. A node has two workers.
        Ended second = plan("--json", "--time", "01:00:00").run().with(0);
        JsonObject node = json(second).getArray("allocations").getObject(0);
        double least = (POINTS - PILOT) * SECONDS / PER_NODE;
        assertThat(node.getInt("workers")).isEqualTo(PER_NODE);
        assertThat(node.getObject("wall_seconds").getDouble("low")).isGreaterThan(0.99 * least);
        assertThat(node.getObject("core_hours").getDouble("median"))
                .isEqualTo(PER_NODE * node.getObject("wall_seconds").getDouble("median") / 3600);
        assertThat(node.getDouble("efficiency")).isBetween(0.1, 1.0);
        Ended text = plan("--time", "1h", "--max-core-hours", "1e-6").run().with(2);
        assertThat(text.err()).contains("1 node may take", "of --max-core-hours");
        assertThat(text.out()).contains(PILOT + " of " + POINTS + " points are evaluated", "90 % interval");
        assertThat(survey.evaluations()).isEqualTo(PILOT);
        assertThat(survey.results().summary().getString("reason")).isEqualTo("pilot");

        survey.on("threads", 8).and("--resume").run().with(0);
        survey.assertComplete();
        assertThat(survey.evaluations()).isEqualTo(POINTS);
        assertThat(plan().run().with(0).err()).contains("is complete; there is nothing to plan");
    }

    @Test
    void thePilotOfAJobThatIsTooSlowIsShort() throws Exception {
        survey = Survey.of(temp, POINTS).taking(0.8);

        Ended ended = plan("--pilot-time", "1200ms", "--threads", "8", "--time", "1h")
                .run()
                .with(0);

        assertThat(survey.evaluations()).isBetween(5L, PILOT - 1L);
        assertThat(ended.out())
                .contains("durations were measured: the intervals are wide")
                .contains("the fewest that are sure to end in time");
        assertThat(Files.exists(survey.output().resolve("summary.json"))).isTrue();
        assertThat(plan("--pilot-time", "1ms", "--threads", "8", "--time", "00:00:01")
                        .run()
                        .with(2)
                        .err())
                .as("a point takes 0.8 s, the start the rest")
                .contains("this cannot work", "no number of nodes helps");
    }
}
