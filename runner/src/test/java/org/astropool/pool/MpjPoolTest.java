package org.astropool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.astropool.internal.transport.mpi.MpiContract;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.astropool.internal.transport.mpj.Mpjrun;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of the pool, and a program that embeds it, as ranks of MPJ Express. */
final class MpjPoolTest {

    /** The contract on the pool of this rank, which is the master. */
    static final class OverMpj extends PoolContract {
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
                        OverMpj.pool = pool;
                        MpiContract.runTests(OverMpj.class);
                        return 0;
                    });
        }
    }

    /** Each rank runs a program several times. */
    static final class ThreeRuns {
        public static void main(String[] args) throws Exception {
            for (int i = 0; i < 3; i++) {
                int run = i;
                Pool.run(args, pool -> pool.map((Integer x) -> x + run, java.util.List.of(1, 2)))
                        .ifPresent(sums -> System.out.println("run " + run + " gave " + sums));
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> contractInOneJvm() throws Exception {
        return MpiContract.of(Mpjrun.MULTICORE.run(Rank.class));
    }

    @TestFactory
    Stream<DynamicTest> contractInACluster() throws Exception {
        return MpiContract.of(Mpjrun.CLUSTER.run(Rank.class));
    }

    @ParameterizedTest
    @EnumSource
    void runCanBeCalledAgain(Mpjrun mpjrun) throws Exception {
        Mpiexec.Result job = mpjrun.run(ThreeRuns.class);

        assertThat(job.exitCode()).as(job.output()).isZero();
        assertThat(job.output()).contains("run 0 gave [1, 2]", "run 1 gave [2, 3]", "run 2 gave [3, 4]");
    }
}
