package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Worker processes that are killed cost their points a second evaluation, and nothing else. */
class KilledWorkersIT {
    private static final int POINTS = 5_000;
    private static final int WORKERS = 3;
    private static final int KILLS = 3;

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void resultsAreThoseOfASerialRunThoughWorkersAreKilled(int seed) throws Exception {
        Random random = new Random(seed);
        Survey survey = Survey.of(temp, POINTS);
        int[] moments = random.ints(KILLS, 1, POINTS).sorted().toArray();

        Running running = survey.on("processes", WORKERS).start();
        for (int moment : moments) {
            survey.awaitEvaluations(moment, running);
            List<ProcessHandle> workers = running.children();
            workers.get(random.nextInt(workers.size())).destroyForcibly();
        }
        Command.Ended ended = running.end().with(0);

        survey.assertComplete();
        assertThat(survey.results().summary().getInt("failed")).as("%s", ended).isZero();
        assertThat(survey.evaluations() - POINTS)
                .as("evaluations in vain, of %s", ended)
                .isLessThanOrEqualTo(KILLS * Survey.POINTS_A_SECOND);
    }
}
