package org.astropool.transport.mpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The contract over real MPI jobs; each of its tests appears as one here. */
final class MpiTransportTest {

    @TestFactory
    Stream<DynamicTest> overOpenMpi() throws Exception {
        return contract(Mpiexec.OPEN_MPI);
    }

    @TestFactory
    Stream<DynamicTest> overMpich() throws Exception {
        return contract(Mpiexec.MPICH);
    }

    private static Stream<DynamicTest> contract(Mpiexec mpiexec) throws Exception {
        Mpiexec.Result job = mpiexec.requireInstalled().run(MpiContractRank.class);
        List<String> lines = job.output().lines().toList();
        Stream<DynamicTest> passed = lines.stream()
                .filter(line -> line.startsWith(MpiContractRank.PASSED))
                .map(line -> DynamicTest.dynamicTest(line, () -> {}));
        Stream<DynamicTest> failed = lines.stream()
                .filter(line -> line.startsWith(MpiContractRank.FAILED))
                .map(line -> DynamicTest.dynamicTest(line, () -> {
                    throw new AssertionError(job.output());
                }));
        DynamicTest end = DynamicTest.dynamicTest("the job ends normally", () -> {
            assertThat(job.exitCode()).as(job.output()).isZero();
            assertThat(job.output()).contains(MpiContractRank.PASSED);
        });
        return Stream.concat(Stream.concat(passed, failed), Stream.of(end));
    }
}
