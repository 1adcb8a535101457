package org.astropool.internal.scheduler;

/**
 * How the units of a call are to be handed out.
 *
 * @param totalUnits how many units there will be, or -1 when that is not known
 * @param chunkUnits units a chunk, or 0 to let measured durations decide
 * @param maxChunkUnits upper limit for automatic chunks (from the size of the payload), at least 1
 * @param retries further attempts of a unit that failed; a lost worker does not count as one
 * @param maxLosses how many lost workers a unit survives before it is quarantined is one less than this; at least 1
 * @param unitTimeoutNanos after how long a unit is given up when nothing is heard of it (as a last resort: workers
 *     enforce deadlines themselves), or 0 for never
 * @param order whose positions are the units: a chunk lies within one of its runs, and takes as long as its costs say
 */
public record CallPolicy(
        long totalUnits,
        int chunkUnits,
        int maxChunkUnits,
        int retries,
        int maxLosses,
        long unitTimeoutNanos,
        UnitOrder order) {

    /** All units are one run, and none is known to take longer than another. */
    public CallPolicy(
            long totalUnits, int chunkUnits, int maxChunkUnits, int retries, int maxLosses, long unitTimeoutNanos) {
        this(totalUnits, chunkUnits, maxChunkUnits, retries, maxLosses, unitTimeoutNanos, UnitOrder.NATURAL);
    }

    /** The same in an order. */
    public CallPolicy withOrder(UnitOrder other) {
        return new CallPolicy(totalUnits, chunkUnits, maxChunkUnits, retries, maxLosses, unitTimeoutNanos, other);
    }

    /** The defaults: sizes decided by measurement, no retries, three losses, no timeout. */
    public static CallPolicy defaults(long totalUnits) {
        return new CallPolicy(totalUnits, 0, 16_384, 0, 3, 0);
    }
}
