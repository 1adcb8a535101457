package org.astropool.pool;

import java.nio.file.Path;
import java.time.Duration;

/**
 * This process as a worker of a pool elsewhere, one of carrier {@link CarrierKind#HAZELCAST}, which it may join at any
 * time: see {@link Pool#invitation}. Thread-safe.
 */
public interface JoiningWorker {

    /**
     * A worker that has not joined yet.
     *
     * @param address HOST:PORT
     * @param secretFile a copy of the pool's
     * @param options those that count are: threads (0: one for each processor, or for so many as a task of the pool
     *     uses), the class loader, the class path of {@link JoinOptions}, and the output
     * @throws PoolException with reason ENVIRONMENT when the address is none, Hazelcast is missing, or the secret file
     *     cannot be read, or can be read by others than its owner
     */
    static JoiningWorker of(String address, Path secretFile, PoolOptions options) {
        return PoolEngine.instance().joiningWorker(address, secretFile, options);
    }

    /**
     * Joins the pool and evaluates for it until it is closed, or lets this worker leave; joins again when the
     * connection is lost.
     *
     * @param patience how long to try to reach the pool, at the start and after it was lost
     * @return why the program that uses the pool failed; "" when it did not
     * @throws PoolException with reason ENVIRONMENT when there is no pool, or it refuses this worker: says why
     */
    String serve(Duration patience);

    /** Leaves the pool after what is being evaluated; {@link #serve} then returns. */
    void leave();
}
