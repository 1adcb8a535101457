package org.astropool.internal.carrier.local;

import org.astropool.internal.carrier.CarrierProvider;
import org.astropool.internal.carrier.CarrierRequest;
import org.astropool.internal.carrier.CarrierSession;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.worker.ChildWorker;

/** The carrier "processes": child JVMs of the master's. */
public final class ProcessesProvider implements CarrierProvider {

    @Override
    public String name() {
        return "processes";
    }

    @Override
    public Start start() {
        return Start.BY_MASTER;
    }

    @Override
    public CarrierSession open(CarrierRequest request) throws CarrierException {
        return open(request, request.workers(), Math.max(1, request.threads()));
    }

    /**
     * Starts child processes.
     *
     * @param workers 0: as many as the processors of this machine are enough for
     * @param threads evaluation threads of each
     */
    static CarrierSession open(CarrierRequest request, int workers, int threads) throws CarrierException {
        int processors = Runtime.getRuntime().availableProcessors();
        int count = workers > 0 ? workers : Math.max(1, processors / (threads * request.coresPerTask()));
        CommunicationThread communication = communication();
        return new LocalSession(
                communication,
                threads,
                ChildWorker.start(count, threads, request.classLoader(), request.children(), communication));
    }

    static CommunicationThread communication() {
        CommunicationThread communication = new CommunicationThread("astropool-communication", false);
        communication.allowCallerRuns();
        return communication;
    }
}
