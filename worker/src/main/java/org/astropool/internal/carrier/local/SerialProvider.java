package org.astropool.internal.carrier.local;

import org.astropool.internal.carrier.CarrierProvider;
import org.astropool.internal.carrier.CarrierRequest;
import org.astropool.internal.carrier.CarrierSession;
import org.astropool.internal.transport.CarrierException;

/** The carrier "serial": one thread of the master's process. */
public final class SerialProvider implements CarrierProvider {

    @Override
    public String name() {
        return "serial";
    }

    @Override
    public Start start() {
        return Start.BY_MASTER;
    }

    @Override
    public CarrierSession open(CarrierRequest request) throws CarrierException {
        return ThreadsProvider.open(request, 1);
    }
}
