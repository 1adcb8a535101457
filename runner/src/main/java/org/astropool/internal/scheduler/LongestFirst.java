package org.astropool.internal.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/**
 * The order of units by their costs, as far as it matters: units that are long compared with a slot's share of the
 * total come first, the longest one at the head. The many small ones follow in the order of their numbers: with them
 * all slots end together in any order, and consecutive ones are sent together. Immutable.
 */
public final class LongestFirst implements UnitOrder {

    /**
     * As a fraction of a slot's share of all costs: the most by which a smaller unit can make one slot end later than
     * the others.
     */
    private static final double SMALL = 1e-3;

    private static final int MOST_UNITS = Integer.MAX_VALUE - 8;

    private final UnitOrder order;
    private final double[] costs;

    private LongestFirst(UnitOrder order, double[] costs) {
        this.order = order;
        this.costs = costs;
    }

    /**
     * Orders units.
     *
     * @param units how many {@code natural} has
     * @param costOfUnit relative to each other; called once for each unit, by this thread, because it is user code
     * @param slots that share the units
     * @throws IllegalArgumentException when a cost is not finite, or there are too many units to be stored
     */
    public static LongestFirst of(UnitOrder natural, long units, LongToDoubleFunction costOfUnit, int slots) {
        double[] costs = costs(natural, units, costOfUnit);
        List<Weighed> longest = longerThan(small(costs, slots), costs);
        Weighed[] sorted = longest.toArray(Weighed[]::new);
        Arrays.sort(sorted); // stable: equal costs by number
        Builder builder = new Builder(natural, costs);
        for (Weighed weighed : sorted) {
            builder.add(weighed.position, weighed.position + 1);
        }
        int next = 0;
        for (Weighed weighed : longest) {
            builder.add(next, weighed.position);
            next = weighed.position + 1;
        }
        builder.add(next, costs.length);
        return builder.build();
    }

    private static double[] costs(UnitOrder natural, long units, LongToDoubleFunction costOfUnit) {
        if (units > MOST_UNITS) {
            throw new IllegalArgumentException("the costs of " + units
                    + " tasks (or batches) are too many to be stored," + " at most " + MOST_UNITS + " are possible");
        }
        double[] costs = new double[(int) units];
        for (int position = 0; position < costs.length; position++) {
            long unit = natural.unit(position);
            double cost = costOfUnit.applyAsDouble(unit);
            if (!Double.isFinite(cost)) {
                throw new IllegalArgumentException(
                        "the cost of task (or batch) " + unit + " is " + cost + "; costs must be finite");
            }
            costs[position] = cost;
        }
        return costs;
    }

    private static double small(double[] costs, int slots) {
        double total = 0;
        double least = 0; // negative costs have an order, too
        for (double cost : costs) {
            total += cost;
            least = Math.min(least, cost);
        }
        return least + SMALL * (total - costs.length * least) / Math.max(1, slots);
    }

    /** In their natural order. */
    private static List<Weighed> longerThan(double small, double[] costs) {
        List<Weighed> longer = new ArrayList<>();
        for (int position = 0; position < costs.length; position++) {
            if (costs[position] > small) {
                longer.add(new Weighed(position, costs[position]));
            }
        }
        return longer;
    }

    @Override
    public long unit(long position) {
        return order.unit(position);
    }

    @Override
    public long endOfRun(long position) {
        return order.endOfRun(position);
    }

    @Override
    public LongToDoubleFunction costs() {
        return position -> costs[(int) position];
    }

    /** A unit by its position in the natural order; the costliest is the first. */
    private record Weighed(int position, double cost) implements Comparable<Weighed> {
        @Override
        public int compareTo(Weighed other) {
            return Double.compare(other.cost, cost);
        }
    }

    /** Takes the positions of the natural order in the order in which they are to be handed out. */
    private static final class Builder {
        private final UnitOrder natural;
        private final double[] naturalCosts;
        private final Runs.Builder runs = new Runs.Builder();
        private final double[] costs;
        private int size;

        Builder(UnitOrder natural, double[] naturalCosts) {
            this.natural = natural;
            this.naturalCosts = naturalCosts;
            this.costs = new double[naturalCosts.length];
        }

        /** The positions from {@code from} to {@code end - 1}; none where these are equal. */
        void add(int from, int end) {
            for (long position = from; position < end; ) {
                long endOfRun = Math.min(end, natural.endOfRun(position));
                long unit = natural.unit(position);
                runs.add(unit, unit + endOfRun - position);
                position = endOfRun;
            }
            System.arraycopy(naturalCosts, from, costs, size, end - from);
            size += end - from;
        }

        LongestFirst build() {
            return new LongestFirst(runs.build(), costs);
        }
    }
}
