package org.astropool.pool;

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
import org.astropool.pool.PoolException.Reason;

/**
 * This process as a worker of a pool elsewhere, one of carrier "hazelcast", which it joins at any time: see
 * {@link Pool#invitation}. Thread-safe.
 */
public final class JoiningWorker {
    private final String address;
    private final RemoteWorker worker;

    private JoiningWorker(String address, RemoteWorker worker) {
        this.address = address;
        this.worker = worker;
    }

    /**
     * Does not join yet.
     *
     * @param address HOST:PORT
     * @param secretFile a copy of the pool's
     * @param options of them counts: threads (0: one a processor, or for so many as a task of the pool uses), the class
     *     loader, the class path of {@link JoinOptions}, and who hears what happens
     * @throws PoolException with reason ENVIRONMENT when the address is none, Hazelcast is missing, or the secret file
     *     cannot be read, or can be by others than its owner
     */
    public static JoiningWorker of(String address, Path secretFile, PoolOptions options) {
        PoolSession.requireAvailable(PoolSession.HAZELCAST);
        try {
            Endpoint endpoint = Endpoint.ofMaster(address);
            Secret.read(secretFile); // before anything is waited for
            CodeDigest code = CodeDigest.of(options.joining().classPath());
            return new JoiningWorker(
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

    /**
     * Joins the pool and evaluates for it until it is closed, or lets this worker leave; joins again when it is lost.
     *
     * @param patience how long to try to reach the pool, at the start and after it was lost
     * @return why the program that uses the pool failed; "" when all is well
     * @throws PoolException with reason ENVIRONMENT when there is no pool, or it does not want this worker: it says why
     */
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

    /** Leaves the pool after what is being evaluated; {@link #serve} then returns. */
    public void leave() {
        worker.leave();
    }
}
