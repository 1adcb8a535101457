package org.astropool.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

/** What the scheduler's own tests of chunk sizes leave open. */
class ChunkSizerTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long TARGET_UNITS = 40; // of 0.1 ms each, in a chunk of 4 ms
    private static final SchedulerOptions OPTIONS = new SchedulerOptions(10_000, 4 * MILLISECOND, 64, 0);

    @Test
    void chunkOfTheOnlyCallTakesAHundredthOfTheRestAndAtMostFourTargets() {
        ChunkSizer sizer = measured(CallPolicy.defaults(1_000_000));

        assertThat(sizer.units(0, 1_000_000, 2, true)).isEqualTo(4 * (int) TARGET_UNITS);
        assertThat(sizer.units(0, 16_000, 2, true)).isEqualTo(80);
        assertThat(sizer.units(0, 8_000, 2, true)).isEqualTo((int) TARGET_UNITS);
        assertThat(sizer.units(0, 40, 2, true)).as("at the end").isEqualTo(10);
        assertThat(sizer.units(0, 1_000_000, 2, false)).as("beside another").isEqualTo((int) TARGET_UNITS);
        assertThat(sizer.units(0, Long.MAX_VALUE, 2, true)).as("nobody knows").isEqualTo((int) TARGET_UNITS);
    }

    @Test
    void chunksOfUnitsWithKnownCostsTakeTheTargetTime() {
        ChunkSizer sizer = measured(1_000_000, unit -> unit < 1000 ? 1 : unit < 2000 ? 10 : 0.5);

        assertThat(sizer.units(0, 100_000, 2, false)).isEqualTo((int) TARGET_UNITS);
        assertThat(sizer.units(1000, 100_000, 2, false)).isEqualTo((int) TARGET_UNITS / 10);
        assertThat(sizer.units(1990, 100_000, 2, false)).as("some of both").isEqualTo(4);
        assertThat(sizer.units(1998, 100_000, 2, false)).isEqualTo(2 + 40);
        assertThat(sizer.units(3000, 100_000, 2, false)).isEqualTo(2 * (int) TARGET_UNITS);
        assertThat(sizer.expectedNanos(998, 4)).isEqualTo((2 * 1 + 2 * 10) * MILLISECOND / 10);
    }

    @Test
    void verySmallCostsAreLimitedToAnEighthOfTheMean() {
        for (double cost : new double[] {0, -1, 1e-300}) {
            ChunkSizer sizer = measured(1_000_000, unit -> unit < 1000 ? 1 : cost);

            assertThat(sizer.units(1000, 100_000, 2, false)).isEqualTo(8 * (int) TARGET_UNITS);
        }
    }

    @Test
    void costsThatAreAllZeroAreIgnored() {
        ChunkSizer sizer = measured(1_000_000, unit -> 0);

        assertThat(sizer.units(0, 100_000, 2, false)).isEqualTo((int) TARGET_UNITS);
    }

    private static ChunkSizer measured(long units, LongToDoubleFunction costs) {
        return measured(CallPolicy.defaults(units).withOrder(new KnownCosts(costs)));
    }

    /** Knows 0.1 ms for each of the first units, many of them. */
    private static ChunkSizer measured(CallPolicy policy) {
        ChunkSizer sizer = new ChunkSizer(policy, OPTIONS);
        sizer.measured(0, 1000, 1000 * MILLISECOND / 10);
        return sizer;
    }
}
