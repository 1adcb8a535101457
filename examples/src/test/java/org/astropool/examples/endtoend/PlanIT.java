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
        JsonObject again = json(plan("--json").run().with(0));
        JsonObject node = again.getArray("allocations").getObject(0);
        double least = (POINTS - PILOT) * SECONDS / PER_NODE;
        assertThat(node.getInt("workers")).isEqualTo(PER_NODE);
        assertThat(node.getObject("wall_seconds").getDouble("low")).isGreaterThan(0.99 * least);
        assertThat(node.getObject("core_hours").getDouble("median"))
                .isEqualTo(PER_NODE * node.getObject("wall_seconds").getDouble("median") / 3600);
        assertThat(again.getArray("allocations").getObject(1).getDouble("efficiency"))
                .isBetween(0.1, 0.76);
        assertRefused("no number of nodes helps", "--time", "10ms");
        assertRefused("more than the 1.00000e-06 of --max-core-hours", "--max-core-hours", "1e-6");
        Ended text = plan("--time", "00:30:00").run().with(0);
        assertThat(text.out())
                .contains(PILOT + " of " + POINTS + " points are evaluated")
                .contains("1 node: the fewest that are sure to end in time");
        assertThat(plan("--time", "soon").run().with(2).err()).contains("01:00:00");
        assertThat(survey.evaluations()).isEqualTo(PILOT);
        assertThat(survey.results().summary().getString("reason")).isEqualTo("pilot");

        survey.on("threads", 8).and("--resume").run().with(0);
        survey.assertComplete();
        assertThat(survey.evaluations()).isEqualTo(POINTS);
        assertThat(plan().run().with(0).err()).contains("is complete; there is nothing to plan");
    }

    private void assertRefused(String reason, String... options) throws Exception {
        assertThat(plan(options).run().with(2).err()).contains("this cannot work", reason);
    }

    @Test
    void thePilotOfAJobThatIsTooSlowIsShort() throws Exception {
        survey = Survey.of(temp, POINTS).taking(0.2);

        Ended ended = plan("--pilot-time", "300ms", "--threads", "4").run().with(0);

        assertThat(survey.evaluations()).isBetween(5L, PILOT - 1L);
        assertThat(ended.out()).contains("durations were measured: the intervals are wide");
        assertThat(Files.exists(survey.output().resolve("summary.json"))).isTrue();
    }
}
