package org.astropool.internal.transport.mpi;

import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.ContractPeer;
import org.astropool.internal.transport.TransportContract;

/** One rank of the contract test: rank 0 runs the tests of {@link OverMpi}, the others are its peers. */
final class MpiContractRank {

    private MpiContractRank() {}

    static final class OverMpi extends TransportContract {
        @Override
        protected Carrier join() throws CarrierException {
            return MpiContractRank.join();
        }
    }

    static Carrier join() throws CarrierException {
        return MpiProvider.join();
    }

    public static void main(String[] args) throws CarrierException {
        Carrier carrier = join();
        if (carrier.rank() == 0) {
            MpiContract.runTests(OverMpi.class);
        } else {
            new ContractPeer(carrier).serve();
        }
        carrier.close(); // not after an exception: a carrier that is open at the end makes the job fail
    }
}
