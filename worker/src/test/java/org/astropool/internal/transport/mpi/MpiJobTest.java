package org.astropool.internal.transport.mpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.astropool.internal.transport.mpi.MpiScenarioRank.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How whole MPI jobs begin and end: with the code that tells the truth, and never by hanging. */
final class MpiJobTest {
    private static final int RANKS = 3;

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void severalUsersOneAfterAnotherAndAtATimeShareMpi(Mpiexec mpiexec) throws Exception {
        Mpiexec.Result job = play(mpiexec, Scenario.JOIN_AND_LEAVE);
        assertThat(job.exitCode()).as(job.output()).isZero();
        assertThat(job.output().lines().filter(line -> line.startsWith("left as rank")))
                .hasSize(RANKS);
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void workersThatEndBeforeTheMasterWaitForIt(Mpiexec mpiexec) throws Exception {
        Mpiexec.Result job = play(mpiexec, Scenario.MASTER_ENDS_LAST);
        assertThat(job.exitCode()).as(job.output()).isZero();
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void exitInTheMiddleEndsTheJobAsFailed(Mpiexec mpiexec) throws Exception {
        assertThatItFails(play(mpiexec, Scenario.EXIT_IN_THE_MIDDLE), "in the middle of the work");
    }

    /** By default both launchers end the job then; only Open MPI can leave the others alive. */
    @Test
    void theOthersEndNormallyWhenTheirLauncherLetsThemSurviveALostRank() throws Exception {
        Mpiexec.Result job = play(Mpiexec.OPEN_MPI.option("--enable-recovery"), Scenario.RANK_IS_LOST);
        assertThat(job.timedOut()).as(job.output()).isFalse();
        assertThat(job.exitCode()).as(job.output()).isZero();
        assertThat(job.output()).contains("MPI ends without MPI_Finalize").doesNotContain("aborted");
    }

    /** A call of MPI that waits for the rest of the frame would wait for ever. */
    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void aRankThatIsStoppedWhileItSendsDoesNotKeepTheOthers(Mpiexec mpiexec) throws Exception {
        Mpiexec overNetwork = mpiexec.environment("OMPI_MCA_btl", "tcp,self")
                .environment("UCX_TLS", "tcp,self") // between processes of a host the receiver may fetch it alone
                .timeout(Duration.ofSeconds(60));
        Mpiexec.Result job = play(overNetwork, Scenario.RANK_STOPS_WHILE_IT_SENDS);
        assertThat(job.timedOut()).as(job.output()).isFalse();
        assertThat(job.exitCode()).as(job.output()).isZero();
        assertThat(job.output()).contains("MPI_Abort ends the job");
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void exceptionInMainEndsTheJobAsFailed(Mpiexec mpiexec) throws Exception {
        assertThatItFails(play(mpiexec, Scenario.EXCEPTION_IN_MAIN), "thrown by main");
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void errorInAnAgentEndsTheJobAsFailed(Mpiexec mpiexec) throws Exception {
        assertThatItFails(play(mpiexec, Scenario.ERROR_IN_AN_AGENT), "agent failed: boom");
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void errorsOfMpiAreExceptionsWithItsOwnWords(Mpiexec mpiexec) throws Exception {
        assertThatItFails(play(mpiexec, Scenario.UNKNOWN_PEER), "MPI_Isend failed: ");
    }

    /** Else each rank would be the master of a job of its own. */
    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void aLibraryOfAnotherLauncherIsRefused(Mpiexec mpiexec) throws Exception {
        Mpiexec.MPICH.requireInstalled();
        Mpiexec.OPEN_MPI.requireInstalled();
        String wrong = mpiexec == Mpiexec.MPICH ? "libmpi.so.40" : "libmpich.so.12";
        Mpiexec.Result job = play(mpiexec.environment("ASTROPOOL_MPI_LIBRARY", wrong), Scenario.JOIN_AND_LEAVE);
        assertThatItFails(job, "does not belong to the launcher");
        assertThat(job.output()).contains("ASTROPOOL_MPI_LIBRARY").doesNotContain("left as rank");
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void aMissingLibraryIsNamedWithThePackageToInstall(Mpiexec mpiexec) throws Exception {
        Mpiexec.Result job =
                play(mpiexec.environment("ASTROPOOL_MPI_LIBRARY", "/nowhere/libmpi.so"), Scenario.JOIN_AND_LEAVE);
        assertThatItFails(job, "/nowhere/libmpi.so (cannot open shared object file");
        assertThat(job.output()).contains("openmpi-bin", "mpich");
    }

    private static Mpiexec.Result play(Mpiexec mpiexec, Scenario scenario) throws Exception {
        return mpiexec.requireInstalled().ranks(RANKS).run(MpiScenarioRank.class, scenario.name());
    }

    private static void assertThatItFails(Mpiexec.Result job, String message) {
        assertThat(job.timedOut()).as(job.output()).isFalse();
        assertThat(job.exitCode()).as(job.output()).isNotZero();
        assertThat(job.output()).contains(message);
    }
}
