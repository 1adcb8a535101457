package org.astropool.internal.carrier.local;

import org.astropool.internal.carrier.CarrierProvider;
import org.astropool.internal.carrier.CarrierRequest;
import org.astropool.internal.carrier.CarrierSession;
import org.astropool.internal.transport.CarrierException;

/** The carrier "threads": evaluation threads of the master's process. Where tasks are isolated, processes instead. */
public final class ThreadsProvider implements CarrierProvider {

    @Override
    public String name() {
        return "threads";
    }

    @Override
    public Start start() {
        return Start.BY_MASTER;
    }

    @Override
    public CarrierSession open(CarrierRequest request) throws CarrierException {
        int threads = request.workers() > 0 ? request.workers() : request.threads();
        return open(request, threads);
    }

    /** @param threads 0: one for each processor */
    static CarrierSession open(CarrierRequest request, int threads) throws CarrierException {
        return request.isolated()
                ? ProcessesProvider.open(request, threads, 1)
                : new LocalSession(ProcessesProvider.communication(), threads, null);
    }
}
