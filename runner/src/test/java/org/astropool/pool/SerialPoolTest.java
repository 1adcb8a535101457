package org.astropool.pool;

import org.junit.jupiter.api.AfterAll;

/** The contract on one thread. */
class SerialPoolTest extends PoolContract {
    private static final Pool POOL = Pool.open(
            PoolOptions.builder().listener(EVENTS).carrier(CarrierKind.SERIAL).build());

    @Override
    Pool pool() {
        return POOL;
    }

    @AfterAll
    static void close() {
        POOL.close();
    }
}
