package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.astropool.examples.endtoend.Command.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run is looked at from another terminal: while it goes on, after it was killed, when it is complete. */
class StatusIT {
    private static final int POINTS = 2000;
    private static final int KILLED = 128 + 9;

    @TempDir
    private Path temp;

    @Test
    void howFarARunIsCanBeAskedAtAnyTime() throws Exception {
        Survey survey = Survey.of(temp, POINTS);
        String out = survey.output().toString();
        Path soFar = temp.resolve("so-far.ecsv");

        Running running = survey.on("processes", 2).start();
        survey.awaitEvaluations(POINTS / 10, running);
        JsonObject meanwhile = status(out);
        running.signal("KILL");
        running.end().with(KILLED);

        assertThat(meanwhile.getBoolean("running")).isTrue();
        assertThat(meanwhile.getBoolean("complete")).isFalse();
        assertThat(meanwhile.getInt("points")).isEqualTo(POINTS);
        assertThat(meanwhile.getInt("finished")).isBetween(0, POINTS - 1);
        assertThat(meanwhile.getObject("process").getString("host")).isNotEmpty();

        JsonObject killed = status(out, "--table", soFar.toString());
        int finished = killed.getInt("finished");
        assertThat(killed.getBoolean("running")).isFalse();
        assertThat(finished).isBetween(Math.max(1, meanwhile.getInt("finished")), POINTS - 1);
        assertThat(killed.getDouble("points_per_second")).isPositive();
        Ended told = Command.astropool("status", out).run().with(0);
        assertThat(told.out())
                .contains(finished + " of " + POINTS + " points done", "that process has ended")
                .contains("--resume evaluates the other " + (POINTS - finished) + " points");

        survey.on("threads", 2).and("--resume").run().with(0);

        survey.assertComplete();
        assertThat(status(out).getBoolean("complete")).isTrue();
        List<String> rows = new Results(temp).rows(soFar.getFileName().toString());
        assertThat(rows).hasSize(finished).isSubsetOf(survey.results().rows("results.ecsv"));
        assertThat(Files.exists(survey.output().resolve("journal/lock"))).isFalse();
    }

    private static JsonObject status(String... arguments) throws Exception {
        Ended ended = Command.astropool("status", "--json").and(arguments).run().with(0);
        return JsonParser.object().from(ended.out());
    }
}
