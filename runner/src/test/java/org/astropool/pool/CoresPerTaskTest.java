package org.astropool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where nobody says how many tasks run at a time, each has its cores; {@link HazelcastPoolTest} for workers that join.
 */
class CoresPerTaskTest {
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private static int slots(PoolOptions options) {
        try (Pool pool = Pool.open(options)) {
            return pool.slots();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1_000_000})
    void threadsAreAsManyAsTasksFitOnTheProcessors(int cores) {
        assertThat(slots(PoolOptions.builder()
                        .carrier(CarrierKind.THREADS)
                        .coresPerTask(cores)
                        .build()))
                .isEqualTo(Math.max(1, PROCESSORS / cores));
    }

    @Test
    void threadsThatAreAskedForAreNotDivided() {
        assertThat(slots(PoolOptions.builder()
                        .carrier(CarrierKind.THREADS)
                        .workers(3)
                        .coresPerTask(2)
                        .build()))
                .isEqualTo(3);
    }

    @Test
    void processesAreAsManyAsTasksFitOnTheProcessors() {
        assertThat(slots(PoolOptions.builder()
                        .carrier(CarrierKind.PROCESSES)
                        .coresPerTask(PROCESSORS)
                        .build()))
                .isEqualTo(1);
    }

    @Test
    void workersOverHazelcastHaveAsManyThreadsAsTasksFitOnTheirShare() {
        assertThat(slots(PoolOptions.builder()
                        .carrier(CarrierKind.HAZELCAST)
                        .workers(1)
                        .coresPerTask(PROCESSORS)
                        .build()))
                .isEqualTo(1);
    }
}
