package org.astropool.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.WorkerInfo;
import org.junit.jupiter.api.Test;

class LoopbackPoolTest {

    @Test
    void aCarrierIsOnePackageAndALineInAServiceFile() {
        PoolOptions options = PoolOptions.builder()
                .carrier(CarrierKind.of("loopback"))
                .workers(2)
                .build();
        try (Pool pool = Pool.open(options)) {
            assertThat(pool.workers()).extracting(WorkerInfo::number).containsExactly(1, 2);
            assertThat(pool.<Double, Double>map(Math::sqrt, List.of(1.0, 4.0, 9.0)))
                    .containsExactly(1.0, 2.0, 3.0);
            assertThat(pool.survivesLostWorkers()).isFalse();
        }
    }
}
