package org.astropool.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomInterleavingsTest {
    private static final int STEPS = 3000;

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyUnitIsSettledOnceWhateverHappens(long seed) {
        run(seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1000, 1001, 1002})
    void sameEventsGiveTheSameCommands(long seed) {
        assertThat(run(seed)).isEqualTo(run(seed));
    }

    private static String run(long seed) {
        ModelWorld world = new ModelWorld(seed);
        try {
            for (int step = 0; step < STEPS; step++) {
                world.step();
            }
            world.finish();
        } catch (RuntimeException | AssertionError e) {
            String log = world.log();
            String end = log.substring(Math.max(0, log.length() - 3000));
            throw new AssertionError("Seed " + seed + ": " + e.getMessage() + "\nThe last events:\n" + end, e);
        }
        return world.log();
    }
}
