package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.astropool.examples.Tallied;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ranks that are killed or stopped in the middle, and launchers that are: no point is lost, and none is another. Four
 * ranks, three of which evaluate points of 20 ms. The reference is a serial run.
 */
class RankLossIT {
    private static final int POINTS = 800;
    private static final int RANKS = 4;
    private static final int VICTIM = 2;
    private static final int SLEEP_MS = 20;
    /** A second of points, and those that were being evaluated or waited. */
    private static final int A_SECOND_OF_POINTS = (RANKS - 1) * (1000 / SLEEP_MS + 2);
    /** Some 150 points. */
    private static final long A_GOOD_BEGINNING = 10_000;

    private static final String JOB = """
            [job]
            name = "rank-loss"
            seed = 3
            [model]
            name = "tallied"
            [grid]
            x = { from = 0.0, to = 1.0, count = %d }
            """.formatted(POINTS);

    @TempDir
    private static Path temp;

    private static Path job;
    private static String expected;

    @TempDir
    private Path here;

    private Leftovers leftovers;

    @BeforeAll
    static void evaluateSerially() throws Exception {
        job = Files.writeString(temp.resolve("job.toml"), JOB);
        Path output = temp.resolve("serial");
        Command.astropool(arguments(output)).and("--pool", "serial").run().with(0);
        expected = new Results(output).text("results.ecsv");
    }

    @BeforeEach
    void lookAround() throws IOException {
        leftovers = new Leftovers();
    }

    @Test
    void aKilledRankEndsNothingUnderEnableRecovery() throws Exception {
        Running running = start(bare(Mpiexec.OPEN_MPI.option("--enable-recovery")));
        awaitBeginning(running);
        signal("KILL", rank(VICTIM));
        Ended ended = running.await();

        leftovers.assertNone(ended);
        ended.with(0);
        assertThat(ended.err()).contains("nor does the loss of a rank", "worker " + VICTIM);
        assertComplete(ended);
    }

    @Test
    void aStoppedRankEndsNothingUnderEnableRecovery() throws Exception {
        Running running = start(bare(Mpiexec.OPEN_MPI.option("--enable-recovery")));
        awaitBeginning(running);
        signal("STOP", rank(VICTIM));
        Ended ended = running.await();

        leftovers.assertNone(ended);
        assertComplete(ended);
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void aKilledRankIsAnotherStartOfTheWrapper(Mpiexec mpiexec) throws Exception {
        Running running = start(wrapped(mpiexec));
        awaitBeginning(running);
        signal("KILL", rank(VICTIM));
        Ended ended = running.await();

        leftovers.assertNone(ended);
        ended.with(0);
        assertThat(ended.err())
                .contains("the loss of a rank does", "starting again with --resume", "points are in the journal");
        assertComplete(ended);
        assertAtMostASecondTwice();
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void aStoppedRankIsALostOneAndTheJobEnds(Mpiexec mpiexec) throws Exception {
        Running running = start(bare(mpiexec));
        awaitBeginning(running);
        signal("STOP", rank(VICTIM));
        Ended ended = running.await();

        leftovers.assertNone(ended);
        ended.with(0);
        assertThat(ended.err()).contains("worker " + VICTIM, "silent", "MPI_Abort ends the job");
        assertComplete(ended);
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void aStoppedRankThatComesBackIsIgnoredAndEndsLikeTheOthers(Mpiexec mpiexec) throws Exception {
        Running running = start(bare(mpiexec));
        awaitBeginning(running);
        ProcessHandle victim = rank(VICTIM);
        signal("STOP", victim);
        running.awaitMessage("is lost");
        signal("CONT", victim);
        Ended ended = running.await();

        leftovers.assertNone(ended);
        ended.with(0);
        assertThat(ended.err()).doesNotContain("MPI_Abort", "without MPI_Finalize");
        assertComplete(ended);
    }

    static Stream<Arguments> signalsToLaunchers() {
        return Mpiexec.all().flatMap(mpiexec -> Stream.of("TERM", "INT").map(name -> Arguments.of(mpiexec, name)));
    }

    @ParameterizedTest
    @MethodSource("signalsToLaunchers")
    void aLauncherThatIsEndedCostsASecondAtMost(Mpiexec mpiexec, String name) throws Exception {
        Running running = start(bare(mpiexec));
        awaitBeginning(running);
        running.signal(name);
        Ended ended = running.await();
        leftovers.assertNone(ended);
        System.out.println(mpiexec + " after SIG" + name + " returns " + ended.code());
        assertThat(output().resolve("results.ecsv")).as(ended.toString()).doesNotExist();

        Ended resumed = prepared(Command.astropool(arguments(output())))
                .and("--resume", "--pool", "threads", "--workers", "3")
                .run()
                .with(0);

        assertComplete(resumed);
        assertAtMostASecondTwice();
    }

    private void assertComplete(Ended ended) throws Exception {
        Results results = new Results(output());
        assertThat(results.summary().getInt("exit_code")).as(ended.toString()).isZero();
        assertThat(results.summary().getInt("ok")).isEqualTo(POINTS);
        assertThat(results.text("results.ecsv")).isEqualTo(expected);
    }

    private void assertAtMostASecondTwice() throws IOException {
        assertThat(Files.size(here.resolve("tally"))).isBetween((long) POINTS, (long) POINTS + A_SECOND_OF_POINTS);
    }

    private Path output() {
        return here.resolve("out");
    }

    private static String[] arguments(Path output) {
        return new String[] {
            "run",
            job.toString(),
            "--class-path",
            Command.TEST_MODELS.toString(),
            "--threads",
            "1",
            "--out",
            output.toString()
        };
    }

    private Running start(Command command) throws IOException {
        return prepared(command).start(leftovers);
    }

    private Command prepared(Command command) {
        return command.with("ASTROPOOL_LEASE", "2s")
                .with(Tallied.TALLY, here.resolve("tally").toString())
                .with(Tallied.SLEEP_MS, String.valueOf(SLEEP_MS));
    }

    private Command bare(Mpiexec mpiexec) {
        return Command.astropool(mpiexec.ranks(RANKS), arguments(output()));
    }

    private Command wrapped(Mpiexec mpiexec) {
        Mpiexec ranks = mpiexec.requireInstalled().ranks(RANKS);
        List<String> words = new ArrayList<>(
                List.of(Command.CHECKOUT.resolve("scripts/astropool-mpiexec").toString()));
        List<String> line = ranks.line(Command.astropoolWords(arguments(output())));
        words.addAll(line.subList(1, line.size()));
        return Command.of(words).with(ranks.environment()).with("ASTROPOOL_MPIEXEC", line.get(0));
    }

    private void awaitBeginning(Running running) throws Exception {
        Path journal = output().resolve("journal/points.journal");
        running.await(() -> Files.exists(journal) && Files.size(journal) > A_GOOD_BEGINNING);
    }

    private ProcessHandle rank(int rank) {
        return leftovers.rank(rank).orElseThrow(() -> new AssertionError("rank " + rank + " does not run"));
    }

    private static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -s " + name + " " + process.pid())
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }
}
