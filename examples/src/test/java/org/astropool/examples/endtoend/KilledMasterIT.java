package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the master knew when it was killed is on disk, but for the last second, and any pool goes on from there. */
class KilledMasterIT {
    private static final int POINTS = 5_000;
    private static final int WORKERS = 3;
    private static final int KILLED = 128 + 9;
    /**
     * They see the end of their pipe at once; where another process holds that, they look for their parent every
     * second.
     */
    private static final Duration UNTIL_ORPHANS_END = Duration.ofSeconds(5);

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anotherPoolGoesOnAfterTheMasterWasKilled(int seed) throws Exception {
        Survey survey = Survey.of(temp, POINTS);

        Running running = survey.on("processes", WORKERS).start();
        survey.awaitEvaluations(1 + new Random(seed).nextInt(POINTS - POINTS / 10), running);
        running.signal("KILL");
        running.end(UNTIL_ORPHANS_END).with(KILLED);

        assertResumable(survey, seed);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anotherPoolGoesOnAfterTheMasterDiedWhileItWroteItsJournal(int seed) throws Exception {
        Survey survey = Survey.of(temp, POINTS);

        survey.on("processes", WORKERS)
                .with("ASTROPOOL_FAULTS", "seed=" + seed + " on=master die-in-write=0.15")
                .start()
                .end(UNTIL_ORPHANS_END)
                .with(KILLED);

        assertResumable(survey, seed + 1);
    }

    private static void assertResumable(Survey survey, int way) throws IOException, InterruptedException {
        long before = survey.evaluations();

        Ended resumed = other(survey, way).and("--resume").run().with(0);

        long found = Survey.found(resumed);
        survey.assertComplete();
        assertThat(before - found)
                .as("evaluated before, and again by %s", resumed)
                .isBetween(0L, (long) WORKERS * Survey.POINTS_A_SECOND);
        assertThat(survey.evaluations() - before).as("evaluated by %s", resumed).isEqualTo(survey.points() - found);
    }

    private static Command other(Survey survey, int way) throws IOException {
        return switch (way % 4) {
            case 0 -> survey.on("threads", 2);
            case 1 -> survey.by(Command.astropool(Mpiexec.OPEN_MPI, "run"));
            case 2 -> survey.by(Command.astropool(Mpiexec.MPICH, "run"));
            default -> survey.on("serial", 1);
        };
    }
}
