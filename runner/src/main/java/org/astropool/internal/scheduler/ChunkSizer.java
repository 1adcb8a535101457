package org.astropool.internal.scheduler;

import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides how many units of one call go into its next chunk, from how long earlier ones took and, where that is known,
 * from what each unit costs beside the others.
 */
final class ChunkSizer {

    /**
     * The largest ratio of the size of a chunk to that of the largest measured one: the first durations are misleading.
     */
    private static final int GROWTH = 8;

    /** About how many chunks the mean is taken over. */
    private static final double MEMORY = 8;

    /**
     * The smallest number of chunks per slot into which the remaining units are divided: so the last ones are small,
     * and all slots end together.
     */
    private static final int CHUNKS_LEFT_PER_SLOT = 2;

    /** The fraction of the remaining time of each slot that a chunk takes when only one call is open, ... */
    private static final double PART_OF_REST = 0.01;
    /**
     * ... and its limit as a multiple of the target: handing out costs more while code is being compiled on the same
     * cores.
     */
    private static final int LONGEST_TARGETS = 4;

    /** After about how many chunks the longest one is forgotten: the first ones are long because code is loaded. */
    private static final int LONGEST_MEMORY = 64;

    /**
     * How many of the last units per slot are not sent ahead, so that they begin in their order. Found by simulation:
     * with fewer, a long unit sometimes begins late, because it has waited behind another one; with more, round trips
     * are lost.
     */
    private static final int LAST_UNITS_PER_SLOT = 8;

    /**
     * The largest factor by which a unit is expected to take less than the mean, because costs may be misleading, too.
     */
    private static final int SHORTEST_OF_MEAN = 8;

    private final CallPolicy policy;
    private final SchedulerOptions options;
    private final @Nullable LongToDoubleFunction costOfUnit;
    private double recentUnits;
    private double recentCost;
    private double recentNanos;
    private double allUnits;
    private double allNanos;
    private int largestMeasured;
    private long longestNanos;

    ChunkSizer(CallPolicy policy, SchedulerOptions options) {
        this.policy = policy;
        this.options = options;
        this.costOfUnit = policy.order().costs();
    }

    /** Records how long units [first, first + units) took. */
    void measured(long first, int units, long busyNanos) {
        double kept = 1 - 1 / MEMORY;
        recentUnits = kept * recentUnits + units;
        recentCost = kept * recentCost + cost(first, units);
        recentNanos = kept * recentNanos + Math.max(1, busyNanos);
        allUnits += units;
        allNanos += busyNanos;
        largestMeasured = Math.max(largestMeasured, units);
        longestNanos = Math.max(longestNanos - longestNanos / LONGEST_MEMORY, busyNanos);
    }

    /**
     * The size of the next chunk.
     *
     * @param first its first unit
     * @param remaining how many units are left, {@code Long.MAX_VALUE} when that is unknown
     * @param isAlone whether no other call is open
     */
    int units(long first, long remaining, int slots, boolean isAlone) {
        if (policy.chunkUnits() > 0) {
            return policy.chunkUnits();
        }
        if (!isMeasured()) {
            return 1;
        }
        long byBalance = remaining / ((long) CHUNKS_LEFT_PER_SLOT * Math.max(1, slots));
        long most = Math.min(Math.min(byBalance, (long) GROWTH * largestMeasured), policy.maxChunkUnits());
        double target = targetNanos(isAlone ? remaining : Long.MAX_VALUE, slots);
        return (int) Math.max(1, costOfUnit == null ? withoutCosts(target, most) : withCosts(target, first, most));
    }

    private double targetNanos(long remaining, int slots) {
        double target = options.targetChunkNanos();
        if (remaining == Long.MAX_VALUE) {
            return target;
        }
        double mean =
                Math.min(meanNanos(), allNanos / allUnits); // so that a few long units do not make the rest seem long
        double rest = remaining * mean / Math.max(1, slots);
        return Math.max(target, Math.min(PART_OF_REST * rest, LONGEST_TARGETS * target));
    }

    private long withoutCosts(double target, long most) {
        return Math.min(most, (long) (target / meanNanos()));
    }

    private long withCosts(double target, long first, long most) {
        long units = 0;
        for (double nanos = 0; units < most; units++) {
            nanos += unitNanos(first + units);
            if (nanos > target) {
                break;
            }
        }
        return units;
    }

    /**
     * How long units [first, first + units) should take; before any measurement so long that nothing is sent behind
     * them.
     */
    long expectedNanos(long first, int units) {
        if (!isMeasured()) {
            return options.longestWaitNanos();
        }
        if (costOfUnit == null) {
            return (long) (units * meanNanos());
        }
        double nanos = 0;
        for (long unit = first; unit < first + units; unit++) {
            nanos += unitNanos(unit);
        }
        return (long) nanos;
    }

    /** Whether enough units are left for a chunk to wait behind another one. */
    boolean isPlenty(long remaining, int slots) {
        return isMeasured() && remaining >= (long) LAST_UNITS_PER_SLOT * slots;
    }

    /** The longest of the recent chunks, 0 without measurement. */
    long longestNanos() {
        return longestNanos;
    }

    private boolean isMeasured() {
        return recentUnits > 0;
    }

    private double meanNanos() {
        return recentNanos / recentUnits;
    }

    private double unitNanos(long unit) {
        if (recentCost == 0) {
            return meanNanos();
        }
        return Math.max(cost(unit, 1) * recentNanos / recentCost, meanNanos() / SHORTEST_OF_MEAN);
    }

    private double cost(long first, int units) {
        if (costOfUnit == null) {
            return units;
        }
        double cost = 0;
        for (long unit = first; unit < first + units; unit++) {
            cost += Math.max(0, costOfUnit.applyAsDouble(unit));
        }
        return cost;
    }
}
