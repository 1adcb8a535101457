package org.astropool.internal.engine;

import java.nio.file.Path;
import java.time.Duration;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.hazelcast.Endpoint;
import org.astropool.internal.transport.hazelcast.MasterAddress;
import org.astropool.internal.transport.hazelcast.Secret;
import org.astropool.internal.worker.CodeDigest;
import org.astropool.internal.worker.RemoteWorker;
import org.astropool.internal.worker.WorkerEnd;
import org.astropool.internal.worker.WorkerEnd.Cause;
import org.astropool.internal.worker.WorkerIdentity;
import org.astropool.pool.JoiningWorker;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolException.Reason;
import org.astropool.pool.PoolOptions;

/** A worker that joins over Hazelcast. Thread-safe. */
final class EngineWorker implements JoiningWorker {
    private final String address;
    private final RemoteWorker worker;

    private EngineWorker(String address, RemoteWorker worker) {
        this.address = address;
        this.worker = worker;
    }

    /** @throws PoolException as {@link JoiningWorker#of} says */
    static JoiningWorker of(String address, Path secretFile, PoolOptions options) {
        PoolSession.requireAvailable(PoolSession.HAZELCAST);
        try {
            Endpoint endpoint = Endpoint.ofMaster(address);
            Secret.read(secretFile); // before anything is waited for
            CodeDigest code = CodeDigest.of(options.joining().classPath());
            return new EngineWorker(
                    address,
                    new RemoteWorker(
                            new MasterAddress.Given(endpoint, secretFile),
                            options.threads(),
                            options.classLoader(),
                            WorkerIdentity.ofThisProcess().withCode(code),
                            options.workerOutput(),
                            options.workerOutput()));
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
