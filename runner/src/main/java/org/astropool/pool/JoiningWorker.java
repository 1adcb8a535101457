package org.astropool.pool;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A worker in this process for a pool of carrier {@link CarrierKind#HAZELCAST} in another process, which it may join at
 * any time: see {@link Pool#invitation}. Thread-safe.
 */
public interface JoiningWorker {

    /**
     * A worker that has not joined yet.
     *
     * @param address HOST:PORT
     * @param secretFile a copy of the secret file of the pool
     * @param options used are: threads (0: one for each processor, or for each group of processors that a task of the
     *     pool uses), the class loader, the class path of {@link JoinOptions}, and the output
     * @throws PoolException with reason ENVIRONMENT when the address is invalid, Hazelcast is missing, or the secret
     *     file cannot be read, or users other than its owner can read it
     */
    static JoiningWorker of(String address, Path secretFile, PoolOptions options) {
        return PoolEngine.instance().joiningWorker(address, secretFile, options);
    }

    /**
     * Joins the pool and evaluates its tasks until the pool is closed or releases this worker; joins again when the
     * connection is lost.
     *
     * @param patience how long to try to reach the pool, at the start and after it was lost
     * @return why the program that uses the pool failed; "" when it did not
     * @throws PoolException with reason ENVIRONMENT when there is no pool, or it refuses this worker; the message gives
     *     the reason
     */
    String serve(Duration patience);

    /** Leaves the pool after the tasks that are being evaluated; {@link #serve} then returns. */
    void leave();
}
