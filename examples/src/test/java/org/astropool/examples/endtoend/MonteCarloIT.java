package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that needs random numbers gives the same results to the byte, whatever evaluates it and whatever happens. */
class MonteCarloIT {
    private static final int POINTS = 1_000;

    @TempDir
    private Path temp;

    @ParameterizedTest
    @CsvSource({"threads, 1", "threads, 2", "threads, 7", "processes, 1", "processes, 2", "processes, 7"})
    void resultsDoNotDependOnThePool(String pool, int workers) throws Exception {
        Survey survey = Survey.of(temp, POINTS);

        survey.on(pool, workers).run().with(0);

        survey.assertComplete();
        assertThat(survey.evaluations()).isEqualTo(POINTS);
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void resultsDoNotDependOnRanks(Mpiexec mpiexec) throws Exception {
        for (int workers : new int[] {1, 2, 7}) {
            Survey survey = Survey.of(temp.resolve("ranks-" + workers), POINTS);

            survey.by(Command.astropool(mpiexec.ranks(workers + 1), "run"))
                    .and("--master-evaluates", "no", "--threads", "1")
                    .run()
                    .with(0);

            survey.assertComplete();
            assertThat(survey.evaluations()).isEqualTo(POINTS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void resultsDoNotDependOnWorkersThatAreKilled(int workers) throws Exception {
        Random random = new Random(workers);
        Survey survey = Survey.of(temp, POINTS);

        Running running = survey.on("processes", workers).start();
        survey.awaitEvaluations(1 + random.nextInt(POINTS - 1), running);
        List<ProcessHandle> children = running.children();
        children.get(random.nextInt(children.size())).destroyForcibly();
        running.end().with(0);

        survey.assertComplete();
    }

    /** Only workers make them: a master that is told so dies as any process without a supervisor. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void resultsDoNotDependOnFaultsOfTheWire(int seed) throws Exception {
        Survey survey = Survey.of(temp, POINTS);
        String faults = "seed=" + seed + " on=workers drop=0.002 corrupt=0.003 duplicate=0.01 delay=0.02:20ms";

        Ended ended = survey.on("processes", 3)
                .with("ASTROPOOL_FAULTS", faults)
                .with("ASTROPOOL_LEASE", "1s") // a dropped frame is missed by then
                .run()
                .with(0);

        survey.assertComplete();
        assertThat(survey.results().summary().getInt("failed")).as("%s", ended).isZero();
    }
}
