package org.astropool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.astropool.internal.transport.mpi.MpiContract;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of the pool, and programs that embed it, as the ranks of real MPI jobs. */
final class MpiPoolTest {

    /** The contract on the pool of this rank, which is the master. */
    static final class OverMpi extends PoolContract {
        private static Pool pool;

        @Override
        Pool pool() {
            return pool;
        }
    }

    /** One rank of the job that tests the contract. */
    static final class Rank {
        public static void main(String[] args) throws Exception {
            Pool.run(
                    args,
                    PoolOptions.builder().listener(EmbeddingContract.EVENTS).build(),
                    pool -> {
                        OverMpi.pool = pool;
                        MpiContract.runTests(OverMpi.class);
                        return 0;
                    });
        }
    }

    @TestFactory
    Stream<DynamicTest> contractOverOpenMpi() throws Exception {
        return MpiContract.of(Mpiexec.OPEN_MPI, Rank.class);
    }

    @TestFactory
    Stream<DynamicTest> contractOverMpich() throws Exception {
        return MpiContract.of(Mpiexec.MPICH, Rank.class);
    }

    private static Mpiexec.Result run(Mpiexec mpiexec, String... arguments) throws Exception {
        Mpiexec.Result job = mpiexec.requireInstalled().run(PoolPrograms.class, arguments);
        assertThat(job.timedOut()).as(job.output()).isFalse();
        return job;
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void runReturnsOnEveryRankAndCanBeCalledAgain(Mpiexec mpiexec) throws Exception {
        Mpiexec.Result job = run(mpiexec, "three-runs");

        assertThat(job.exitCode()).as(job.output()).isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(job.output()).contains("run " + i + " gave Optional[" + (499_500 + i * 1000) + "]");
        }
        assertThat(job.output().lines().filter(line -> line.endsWith("gave Optional.empty")))
                .hasSize(6);
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void twoPoolsWorkAtATime(Mpiexec mpiexec) throws Exception {
        Mpiexec.Result job = run(mpiexec, "two-at-a-time");

        assertThat(job.exitCode()).as(job.output()).isZero();
        assertThat(job.output()).contains("thread 0 got 499500", "thread 1 got 500500");
        assertThat(job.output().lines().filter("both returned"::equals)).hasSize(3);
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void anExceptionOfTheProgramEndsAllRanks(Mpiexec mpiexec) throws Exception {
        Mpiexec.Result job = run(mpiexec, "throws");

        assertThat(job.exitCode()).as(job.output()).isNotZero();
        assertThat(job.output()).contains("java.io.IOException: disk full on the master");
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void systemExitInTheProgramEndsAllRanks(Mpiexec mpiexec) throws Exception {
        assertThat(run(mpiexec, "exits").exitCode()).isNotZero();
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void anInitializerThatThrowsOnOneRankIsNamedAndEndsAllRanks(Mpiexec mpiexec) throws Exception {
        Mpiexec.Result job = run(mpiexec, "initializer-throws");

        assertThat(job.exitCode()).as(job.output()).isNotZero();
        assertThat(job.output()).contains("the initializer failed on worker 2", "no licence here");
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void memoryDoesNotDependOnTheNumberOfTasks(Mpiexec mpiexec, @TempDir Path folder) throws Exception {
        Mpiexec.Result job = run(
                mpiexec.environment("JDK_JAVA_OPTIONS", "-Xmx64m"),
                "ten-million",
                "2000000",
                folder.resolve("points.journal").toString());

        assertThat(job.exitCode()).as(job.output()).isZero();
        assertThat(job.output()).contains("sum 1999999000000");
    }
}
