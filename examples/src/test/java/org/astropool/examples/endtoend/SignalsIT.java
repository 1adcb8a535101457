package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that are told to end, or whose time is up: they end in time and in order, and go on later. */
class SignalsIT {
    private static final int POINTS = 1_000;
    private static final int SLOTS = 2;
    /** Chunks take 16 ms. */
    private static final int POINTS_A_CHUNK = 12;

    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    private static final double SECONDS_OF_A_LONG_POINT = 30;

    @TempDir
    private Path temp;

    @ParameterizedTest
    @CsvSource({
        "threads, TERM, 143",
        "threads, INT, 130",
        "threads, USR1, 143",
        "processes, TERM, 143",
        "processes, INT, 130",
        "processes, USR1, 143"
    })
    void signalEndsARunThatGoesOnLater(String pool, String signal, int code) throws Exception {
        Survey survey = Survey.of(temp, POINTS);
        Running running = survey.on(pool, 2).heedingSignals().start();
        survey.awaitEvaluations(POINTS / 3, running);

        running.signal(signal);
        Ended ended = running.endWithin(SHUTDOWN).with(code);

        assertThat(ended.err()).contains("SIG" + signal, "--resume");
        assertGoesOn(survey);
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void pointThatTakesLongerThanTheGraceIsNotAwaited(String pool) throws Exception {
        Survey survey = Survey.of(temp, POINTS).taking(SECONDS_OF_A_LONG_POINT);
        Running running =
                survey.on(pool, 2).and("--grace", "1s").heedingSignals().start();
        survey.awaitEvaluations(2, running);

        running.signal("TERM");

        running.endWithin(SHUTDOWN.plusSeconds(1)).with(143);
    }

    @Test
    void secondInterruptLeavesAtOnce() throws Exception {
        Survey survey = Survey.of(temp, POINTS).taking(SECONDS_OF_A_LONG_POINT);
        Running running =
                survey.on("processes", 2).and("--grace", "1h").heedingSignals().start();
        survey.awaitEvaluations(2, running);

        running.signal("INT");
        running.awaitMessage("SIGINT");
        running.signal("INT");

        running.endWithin(SHUTDOWN).with(130);
    }

    static Stream<Arguments> launchersAndSignals() {
        return Mpiexec.all()
                .flatMap(mpiexec -> Stream.of(Arguments.of(mpiexec, "TERM", 143), Arguments.of(mpiexec, "INT", 130)));
    }

    /** Whatever the launchers make of signals and exit codes. */
    @ParameterizedTest
    @MethodSource("launchersAndSignals")
    void wrapperGivesBackTheCodeOfTheSignal(Mpiexec mpiexec, String signal, int code) throws Exception {
        Survey survey = Survey.of(temp, POINTS);
        Running running = wrapped(mpiexec, survey).heedingSignals().start();
        survey.awaitEvaluations(POINTS / 3, running);

        running.signal(signal);
        running.end().with(code);

        assertGoesOn(survey);
    }

    /** One worker with points of 100 ms: at most 60 of the 125 in the 6 s of a start. */
    @Test
    void wrapperStartsAgainUntilARunWithATimeLimitIsComplete() throws Exception {
        Survey survey = Survey.of(temp, 125).taking(0.1);
        Ended ended = wrapped(Mpiexec.OPEN_MPI.ranks(2), survey)
                .and("--time-limit", "6s", "--threads", "1", "--master-evaluates", "no")
                .run()
                .with(0);

        int starts = ended.err().split("starting again", -1).length;
        assertThat(starts).as("%s", ended).isGreaterThanOrEqualTo(3);
        survey.assertComplete();
        // one may begin a moment before it is told not to
        assertThat(survey.evaluations())
                .as("%s", ended)
                .isBetween((long) survey.points(), survey.points() + starts - 1L);
    }

    @Test
    void runThatNeedsLongerThanItsTimeLimitEndsBeforeIt() throws Exception {
        Survey survey = Survey.of(temp, POINTS).taking(0.05);
        Ended ended = survey.on("processes", 2)
                .and("--time-limit", "8s")
                .start()
                .endWithin(Duration.ofSeconds(8))
                .with(4);

        assertThat(ended.err()).contains("time limit of 8 s", "--resume");
        assertThat(survey.results().summary().getString("reason")).isEqualTo("time-limit");
        assertThat(survey.evaluations() - survey.results().summary().getLong("ok"))
                .isBetween(0L, (long) SLOTS);
    }

    private static Command wrapped(Mpiexec mpiexec, Survey survey) throws IOException {
        List<String> words = new ArrayList<>(
                List.of(Command.CHECKOUT.resolve("scripts/astropool-mpiexec").toString()));
        List<String> line = mpiexec.requireInstalled().line(Command.astropoolWords("run"));
        words.addAll(line.subList(1, line.size()));
        Map<String, String> environment = new TreeMap<>(mpiexec.environment());
        environment.put("ASTROPOOL_MPIEXEC", line.get(0));
        return survey.by(Command.of(words).with(environment));
    }

    /** What had begun was awaited, but for what each slot began a moment before it was told not to. */
    private static void assertGoesOn(Survey survey) throws Exception {
        long before = survey.evaluations();
        long finished = survey.results().summary().getLong("ok");
        assertThat(before - finished).as("evaluated in vain").isBetween(0L, (long) SLOTS * POINTS_A_CHUNK);
        survey.on("threads", 2).and("--resume").run().with(0);
        survey.assertComplete();
        assertThat(survey.evaluations() - before).isEqualTo(POINTS - finished);
    }
}
