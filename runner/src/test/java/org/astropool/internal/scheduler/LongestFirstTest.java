package org.astropool.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LongestFirstTest {

    @Test
    void longUnitsComeFirstInDescendingOrder() {
        UnitOrder order = LongestFirst.of(UnitOrder.NATURAL, 5, cost(1, 5, 3, 5, 2), 2);

        assertThat(units(order, 5)).containsExactly(1L, 3L, 2L, 4L, 0L);
    }

    @Test
    void smallUnitsFollowInNumericalOrderAndShareChunks() {
        LongToDoubleFunction cost = unit -> unit == 700 ? 1000 : unit == 3000 ? 2000 : 1 + unit % 3;

        UnitOrder order = LongestFirst.of(UnitOrder.NATURAL, 10_000, cost, 2);

        assertThat(units(order, 10_000))
                .startsWith(3000L, 700L, 0L, 1L)
                .hasSize(10_000)
                .doesNotHaveDuplicates();
        assertThat(units(order, 10_000).subList(2, 10_000)).isSorted();
        assertThat(order.endOfRun(0)).isEqualTo(1);
        assertThat(order.endOfRun(2)).as("up to unit 700").isEqualTo(702);
        assertThat(order.endOfRun(5000)).isEqualTo(10_000);
    }

    @Test
    void withMoreSlotsMoreUnitsAreSorted() {
        LongToDoubleFunction cost = unit -> 1 + unit % 3;

        assertThat(LongestFirst.of(UnitOrder.NATURAL, 10_000, cost, 2).unit(0)).isZero();
        assertThat(LongestFirst.of(UnitOrder.NATURAL, 10_000, cost, 20).unit(0)).isEqualTo(2);
    }

    @Test
    void negativeCostsAreSorted() {
        UnitOrder order = LongestFirst.of(UnitOrder.NATURAL, 300, unit -> -unit, 1);

        assertThat(units(order, 100)).isEqualTo(LongStream.range(0, 100).boxed().toList());
    }

    @Test
    void aCostThatIsNotFiniteIsRefused() {
        assertThatThrownBy(() -> LongestFirst.of(UnitOrder.NATURAL, 3, cost(1, Double.NaN, 2), 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the cost of task (or batch) 1 is NaN; costs must be finite");
        assertThatThrownBy(() -> LongestFirst.of(UnitOrder.NATURAL, 2, cost(1, Double.POSITIVE_INFINITY), 2))
                .hasMessageContaining("Infinity");
    }

    @Test
    void aSelectionIsOrderedByItsOwnCosts() {
        BitSet tasks = new BitSet();
        tasks.set(2, 5);
        tasks.set(9);
        UnitOrder selected = UnitOrder.select(tasks, 1);

        assertThat(units(LongestFirst.of(selected, 4, cost(0, 0, 4, 8, 6, 0, 0, 0, 0, 7), 2), 4))
                .containsExactly(3L, 9L, 4L, 2L);
    }

    @Test
    void eachUnitIsHandedOutOnceAndLongUnitsInDescendingOrder() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            int count = random.nextInt(3000);
            int slots = random.nextInt(8);
            double[] costs = IntStream.range(0, count)
                    .mapToDouble(i -> Math.exp(3 * random.nextGaussian()))
                    .toArray();
            double share = IntStream.range(0, count).mapToDouble(i -> costs[i]).sum() / Math.max(1, slots);

            LongestFirst order = LongestFirst.of(UnitOrder.NATURAL, count, unit -> costs[(int) unit], slots);

            List<Long> units = units(order, count);
            assertThat(units).hasSize(count).doesNotHaveDuplicates();
            assertThat(LongStream.range(0, count).mapToDouble(order.costs()))
                    .containsExactly(
                            units.stream().map(unit -> costs[unit.intValue()]).toArray(Double[]::new));
            for (int i = 1; i < count; i++) {
                double cost = costs[units.get(i).intValue()];
                assertThat(cost)
                        .as("round %d, position %d", round, i)
                        .isLessThanOrEqualTo(Math.max(costs[units.get(i - 1).intValue()], share * 1.001e-3));
                if (order.endOfRun(i - 1) > i) {
                    assertThat(units.get(i)).isEqualTo(units.get(i - 1) + 1);
                }
            }
        }
    }

    private static LongToDoubleFunction cost(double... costs) {
        return unit -> costs[(int) unit];
    }

    private static List<Long> units(UnitOrder order, int count) {
        return LongStream.range(0, count).mapToObj(order::unit).toList();
    }
}
