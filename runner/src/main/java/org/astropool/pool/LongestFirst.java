package org.astropool.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/**
 * The order of units by their costs, as far as it matters: those that are long beside a slot's share of the whole come
 * first, the longest of all at the head. The many small ones follow as they are numbered: with them all slots end together
 * in any order, and consecutive ones travel together.
 */
final class LongestFirst {

    /** Of a slot's share of all costs: by no more can one slot end later than the others for a unit that is smaller. */
    private static final double SMALL = 1e-3;

    private LongestFirst() {}

    /**
     * Orders units.
     *
     * @param units how many {@code natural} has
     * @param costOfUnit relative to each other; asked twice
     * @param slots that share the units
     * @throws IllegalArgumentException when a cost is not finite
     */
    static UnitOrder of(UnitOrder natural, long units, LongToDoubleFunction costOfUnit, int slots) {
        double small = small(natural, units, costOfUnit, slots);
        List<Weighed> longest = new ArrayList<>();
        for (long position = 0; position < units; position++) {
            long unit = natural.unit(position);
            double cost = costOfUnit.applyAsDouble(unit);
            if (cost > small) {
                longest.add(new Weighed(unit, cost));
            }
        }
        UnitOrder.Runs.Builder order = new UnitOrder.Runs.Builder();
        longest.stream()
                .sorted(Comparator.comparingDouble(Weighed::cost).reversed()) // stable: equal costs by number
                .forEach(weighed -> order.add(weighed.unit, weighed.unit + 1));
        int next = 0;
        for (long position = 0; position < units; position++) {
            long unit = natural.unit(position);
            if (next < longest.size() && longest.get(next).unit == unit) {
                next++;
            } else {
                order.add(unit, unit + 1);
            }
        }
        return order.build();
    }

    private static double small(UnitOrder natural, long units, LongToDoubleFunction costOfUnit, int slots) {
        double total = 0;
        double least = 0; // what is negative has an order, too
        for (long position = 0; position < units; position++) {
            long unit = natural.unit(position);
            double cost = costOfUnit.applyAsDouble(unit);
            if (!Double.isFinite(cost)) {
                throw new IllegalArgumentException(
                        "the cost of task (or batch) " + unit + " is " + cost + "; costs must be finite");
            }
            total += cost;
            least = Math.min(least, cost);
        }
        return least + SMALL * (total - units * least) / Math.max(1, slots);
    }

    private record Weighed(long unit, double cost) {}
}
