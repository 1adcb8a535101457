package org.astropool.internal.carrier;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.faults.FaultPlan;
import org.astropool.internal.worker.WorkerEnd;
import org.astropool.internal.worker.WorkerIdentity;
import org.astropool.internal.worker.WorkerLoop;

/** A rank that a launcher has started together with all others: rank 0 is the master, the others are workers. */
public final class RankSession implements CarrierSession {
    private final Carrier carrier;
    private final CarrierRequest request;

    /** @param carrier that this process has joined */
    public RankSession(Carrier carrier, CarrierRequest request) {
        this.carrier = carrier;
        this.request = request;
    }

    @Override
    public boolean isWorker() {
        return carrier.rank() > 0;
    }

    @Override
    public WorkerEnd serve() throws CarrierException, ExecutionException, InterruptedException {
        try {
            return serve(FaultPlan.of(System.getenv()));
        } catch (IllegalArgumentException e) {
            throw new CarrierException(String.valueOf(e.getMessage()), e);
        } finally {
            carrier.close();
        }
    }

    private WorkerEnd serve(FaultPlan faults) throws ExecutionException, InterruptedException {
        WorkerLoop worker = new WorkerLoop(
                faults.wrap(carrier.openNext()),
                carrier.thread(),
                request.classLoader(),
                WorkerIdentity.ofThisProcess(),
                request.threads(),
                request.children());
        carrier.thread().add(worker);
        return worker.ended().get();
    }

    @Override
    public Optional<Carrier> carrier() {
        return Optional.of(carrier);
    }

    @Override
    public CommunicationThread communication() {
        return carrier.thread();
    }

    @Override
    public void begin() {
        // the thread runs since this process has joined
    }

    @Override
    public int threads() {
        return request.threads();
    }

    @Override
    public WorkerPolicy workerPolicy() {
        return WorkerPolicy.FIXED;
    }

    @Override
    public void close(boolean clean) {
        if (!clean) {
            carrier.abort(1, "the workers could not be told to end");
        } else {
            carrier.close();
        }
    }
}
