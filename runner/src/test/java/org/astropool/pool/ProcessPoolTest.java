package org.astropool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The contract on child processes, and what can be seen there alone. */
class ProcessPoolTest extends PoolContract {
    private static final Pool POOL = Pool.open(
            PoolOptions.builder().carrier(CarrierKind.PROCESSES).workers(2).build());

    @Override
    Pool pool() {
        return POOL;
    }

    @AfterAll
    static void close() {
        POOL.close();
    }

    @Test
    void workersAreOtherProcesses() {
        assertThat(POOL.workers())
                .hasSize(2)
                .extracting(WorkerInfo::pid)
                .doesNotContain(ProcessHandle.current().pid());
    }
}
