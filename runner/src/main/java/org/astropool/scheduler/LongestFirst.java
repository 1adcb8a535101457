package org.astropool.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/**
 * The order of units by their costs, as far as it matters: those that are long beside a slot's share of the whole come
 * first, the longest of all at the head. The many small ones follow as they are numbered: with them all slots end together
 * in any order, and consecutive ones travel together.
 */
public final class LongestFirst {

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
    public static UnitOrder of(UnitOrder natural, long units, LongToDoubleFunction costOfUnit, int slots) {
        List<Run> runs = runs(natural, units);
        List<Weighed> longest = longerThan(small(runs, units, costOfUnit, slots), runs, costOfUnit);
        UnitOrder.Runs.Builder order = new UnitOrder.Runs.Builder();
        Weighed[] sorted = longest.toArray(Weighed[]::new);
        Arrays.sort(sorted); // stable: equal costs by number
        for (Weighed weighed : sorted) {
            order.add(weighed.unit, weighed.unit + 1);
        }
        int next = 0;
        for (Run run : runs) {
            long from = run.first;
            for (; next < longest.size() && run.contains(longest.get(next).unit); next++) {
                order.add(from, longest.get(next).unit);
                from = longest.get(next).unit + 1;
            }
            order.add(from, run.end);
        }
        return order.build();
    }

    private static List<Run> runs(UnitOrder natural, long units) {
        List<Run> runs = new ArrayList<>();
        for (long position = 0; position < units; ) {
            long end = Math.min(units, natural.endOfRun(position));
            long first = natural.unit(position);
            runs.add(new Run(first, first + end - position));
            position = end;
        }
        return runs;
    }

    private static double small(List<Run> runs, long units, LongToDoubleFunction costOfUnit, int slots) {
        double total = 0;
        double least = 0; // what is negative has an order, too
        for (Run run : runs) {
            for (long unit = run.first; unit < run.end; unit++) {
                double cost = costOfUnit.applyAsDouble(unit);
                if (!Double.isFinite(cost)) {
                    throw new IllegalArgumentException(
                            "the cost of task (or batch) " + unit + " is " + cost + "; costs must be finite");
                }
                total += cost;
                least = Math.min(least, cost);
            }
        }
        return least + SMALL * (total - units * least) / Math.max(1, slots);
    }

    /** In the order of the runs. */
    private static List<Weighed> longerThan(double small, List<Run> runs, LongToDoubleFunction costOfUnit) {
        List<Weighed> longer = new ArrayList<>();
        for (Run run : runs) {
            for (long unit = run.first; unit < run.end; unit++) {
                double cost = costOfUnit.applyAsDouble(unit);
                if (cost > small) {
                    longer.add(new Weighed(unit, cost));
                }
            }
        }
        return longer;
    }

    /** Consecutive units. */
    private record Run(long first, long end) {
        boolean contains(long unit) {
            return unit >= first && unit < end;
        }
    }

    /** A unit; the costliest is the first. */
    private record Weighed(long unit, double cost) implements Comparable<Weighed> {
        @Override
        public int compareTo(Weighed other) {
            return Double.compare(other.cost, cost);
        }
    }
}
