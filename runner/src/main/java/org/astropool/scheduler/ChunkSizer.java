package org.astropool.scheduler;

/** Decides how many units of one call go into its next chunk, from how long earlier ones took. */
final class ChunkSizer {

    /** A chunk is at most so many times larger than the largest one that was measured: the first durations mislead. */
    private static final int GROWTH = 8;

    /** The mean is taken over about so many chunks. */
    private static final double MEMORY = 8;

    /** What is left is cut into at least so many chunks a slot: the last ones are small, and all slots end together. */
    private static final int CHUNKS_LEFT_PER_SLOT = 2;

    /** The longest chunk is forgotten after about so many: the first ones are long because code is loaded. */
    private static final int LONGEST_MEMORY = 64;

    /**
     * So many of the last units a slot are not sent ahead: they begin in their order. By simulation: with fewer, a long
     * one begins late now and then, because it waited behind another one; with more, round trips are lost.
     */
    private static final int LAST_UNITS_PER_SLOT = 8;

    private final CallPolicy policy;
    private final SchedulerOptions options;
    private double recentUnits;
    private double recentNanos;
    private int largestMeasured;
    private long longestNanos;

    ChunkSizer(CallPolicy policy, SchedulerOptions options) {
        this.policy = policy;
        this.options = options;
    }

    void measured(int units, long busyNanos) {
        double kept = 1 - 1 / MEMORY;
        recentUnits = kept * recentUnits + units;
        recentNanos = kept * recentNanos + Math.max(1, busyNanos);
        largestMeasured = Math.max(largestMeasured, units);
        longestNanos = Math.max(longestNanos - longestNanos / LONGEST_MEMORY, busyNanos);
    }

    /**
     * The size of the next chunk.
     *
     * @param remaining how many units are left, {@code Long.MAX_VALUE} when nobody knows
     */
    int units(long remaining, int slots) {
        if (policy.chunkUnits() > 0) {
            return policy.chunkUnits();
        }
        if (!isMeasured()) {
            return 1;
        }
        double byTime = Math.min(options.targetChunkNanos() / unitNanos(), (double) GROWTH * largestMeasured);
        long byBalance = remaining / ((long) CHUNKS_LEFT_PER_SLOT * Math.max(1, slots));
        return (int) Math.max(1, Math.min(Math.min((long) byTime, byBalance), policy.maxChunkUnits()));
    }

    /** How long so many units should take; without measurement so long that nothing is sent behind them. */
    long expectedNanos(int units) {
        return isMeasured() ? (long) (units * unitNanos()) : options.longestWaitNanos();
    }

    /** Whether so much is left that a chunk may wait behind another one. */
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

    private double unitNanos() {
        return recentNanos / recentUnits;
    }
}
