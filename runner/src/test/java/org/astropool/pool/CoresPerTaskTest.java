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
        assertThat(slots(PoolOptions.defaults().carrier("threads").coresPerTask(cores)))
                .isEqualTo(Math.max(1, PROCESSORS / cores));
    }

    @Test
    void threadsThatAreAskedForAreNotDivided() {
        assertThat(slots(PoolOptions.defaults().carrier("threads").workers(3).coresPerTask(2)))
                .isEqualTo(3);
    }

    @Test
    void processesAreAsManyAsTasksFitOnTheProcessors() {
        assertThat(slots(PoolOptions.defaults().carrier("processes").coresPerTask(PROCESSORS)))
                .isEqualTo(1);
    }

    @Test
    void workersOverHazelcastHaveAsManyThreadsAsTasksFitOnTheirShare() {
        assertThat(slots(PoolOptions.defaults().carrier("hazelcast").workers(1).coresPerTask(PROCESSORS)))
                .isEqualTo(1);
    }
}
