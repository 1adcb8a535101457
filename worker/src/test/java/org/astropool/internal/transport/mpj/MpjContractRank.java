package org.astropool.internal.transport.mpj;

import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.ContractPeer;
import org.astropool.internal.transport.TransportContract;
import org.astropool.internal.transport.mpi.MpiContract;

/** One rank of the contract test: rank 0 runs the tests of {@link OverMpj}, the others are its peers. */
final class MpjContractRank {
    private static String[] arguments = {};

    private MpjContractRank() {}

    static final class OverMpj extends TransportContract {
        @Override
        protected Carrier join() throws CarrierException {
            return MpjProvider.join(arguments);
        }
    }

    public static void main(String[] args) throws CarrierException {
        arguments = args;
        Carrier carrier = MpjProvider.join(args);
        if (carrier.rank() == 0) {
            MpiContract.runTests(OverMpj.class);
        } else {
            new ContractPeer(carrier).serve();
        }
        carrier.close();
    }
}
