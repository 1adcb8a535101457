package org.astropool.internal.engine;

import java.nio.file.Path;
import java.time.Duration;
import org.astropool.internal.carrier.CarrierProvider;
import org.astropool.internal.carrier.ElasticWorker;
import org.astropool.internal.launch.Launch;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.worker.CodeDigest;
import org.astropool.internal.worker.WorkerEnd;
import org.astropool.internal.worker.WorkerEnd.Cause;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.JoiningWorker;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolException.Reason;
import org.astropool.pool.PoolOptions;

/** A worker that joins a pool elsewhere. Thread-safe. */
final class EngineWorker implements JoiningWorker {
    private final String address;
    private final ElasticWorker worker;

    private EngineWorker(String address, ElasticWorker worker) {
        this.address = address;
        this.worker = worker;
    }

    /** @throws PoolException as {@link JoiningWorker#of} says */
    static JoiningWorker of(String address, Path secretFile, PoolOptions options) {
        CarrierProvider provider = CarrierChoice.provider(CarrierKind.HAZELCAST.name());
        try {
            ElasticWorker worker = provider.worker(
                    address,
                    secretFile,
                    PoolSession.request(options, Launch.of(System.getenv())),
                    CodeDigest.of(options.joining().classPath()),
                    options.workerOutput());
            return new EngineWorker(address, worker);
        } catch (CarrierException e) {
            throw new PoolException(Reason.ENVIRONMENT, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public String serve(Duration patience) {
        try {
            WorkerEnd end = worker.serve(patience);
            if (end.cause() == Cause.REFUSED) {
                throw new PoolException(
                        Reason.ENVIRONMENT, "the pool at " + address + " refuses this worker: " + end.reason());
            }
            return end.reason();
        } catch (CarrierException e) {
            throw new PoolException(Reason.ENVIRONMENT, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void leave() {
        worker.leave();
    }
}
