package org.astropool.internal.transport.mpj;

import java.util.stream.Stream;
import org.astropool.internal.transport.mpi.MpiContract;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class MpjTransportTest {

    @TestFactory
    Stream<DynamicTest> contractInOneJvm() throws Exception {
        return MpiContract.of(Mpjrun.MULTICORE.run(MpjContractRank.class));
    }

    @TestFactory
    Stream<DynamicTest> contractInACluster() throws Exception {
        return MpiContract.of(Mpjrun.CLUSTER.run(MpjContractRank.class));
    }
}
