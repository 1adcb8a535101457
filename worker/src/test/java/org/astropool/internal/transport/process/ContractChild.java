package org.astropool.internal.transport.process;

import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.ContractPeer;

/** A child of the contract test. */
final class ContractChild {

    private ContractChild() {}

    public static void main(String[] args) throws CarrierException {
        try (ChildCarrier carrier = ChildCarrier.join()) {
            new ContractPeer(carrier).serve();
        }
    }
}
