package org.astropool.internal.transport.mpi;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class MpiTransportTest {

    @TestFactory
    Stream<DynamicTest> contractOverOpenMpi() throws Exception {
        return MpiContract.of(Mpiexec.OPEN_MPI, MpiContractRank.class);
    }

    @TestFactory
    Stream<DynamicTest> contractOverMpich() throws Exception {
        return MpiContract.of(Mpiexec.MPICH, MpiContractRank.class);
    }
}
