package org.astropool.internal.carrier;

import java.time.Duration;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.worker.WorkerEnd;

/** A worker that joins a master at any time, and leaves. Thread-safe. */
public interface ElasticWorker {

    /**
     * Joins the master and evaluates for it; joins again when the connection is lost.
     *
     * @param patience how long to try to reach the master, at the start and after it was lost
     * @return how it ended: the master has no more work, refuses this worker, or lets it leave
     * @throws CarrierException when there is no master
     */
    WorkerEnd serve(Duration patience) throws CarrierException;

    /** Leaves after what is being evaluated; {@link #serve} then returns. */
    void leave();
}
