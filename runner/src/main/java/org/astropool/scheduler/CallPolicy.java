package org.astropool.scheduler;

import java.util.function.LongToDoubleFunction;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How the units of a call are to be handed out.
 *
 * @param totalUnits how many units there will be, or -1 when that is not known
 * @param chunkUnits units a chunk, or 0 to let measured durations decide
 * @param maxChunkUnits upper limit for automatic chunks (from the size of the payload), at least 1
 * @param retries further attempts of a unit that failed; a lost worker is not held against it
 * @param maxLosses how many lost workers a unit survives before it is quarantined is one less than this; at least 1
 * @param unitTimeoutNanos after how long a unit is given up when nothing is heard of it (as a last resort: workers
 *     enforce deadlines themselves), or 0 for never
 * @param endOfRun gives for a unit the end of the run of units that it is in: a chunk lies within one run
 * @param costOfUnit how long a unit should take, relative to the others; null when all should take as long
 */
public record CallPolicy(
        long totalUnits,
        int chunkUnits,
        int maxChunkUnits,
        int retries,
        int maxLosses,
        long unitTimeoutNanos,
        LongUnaryOperator endOfRun,
        @Nullable LongToDoubleFunction costOfUnit) {

    /** All units are one run, and none is known to take longer than another. */
    public CallPolicy(
            long totalUnits, int chunkUnits, int maxChunkUnits, int retries, int maxLosses, long unitTimeoutNanos) {
        this(totalUnits, chunkUnits, maxChunkUnits, retries, maxLosses, unitTimeoutNanos, unit -> Long.MAX_VALUE, null);
    }

    /** The same for units that are the positions of an order, with what it knows of their costs. */
    public CallPolicy withOrder(UnitOrder order) {
        return new CallPolicy(
                totalUnits,
                chunkUnits,
                maxChunkUnits,
                retries,
                maxLosses,
                unitTimeoutNanos,
                order::endOfRun,
                order.costs());
    }

    /** The defaults: sizes decided by measurement, no retries, three losses, no timeout. */
    public static CallPolicy defaults(long totalUnits) {
        return new CallPolicy(totalUnits, 0, 16_384, 0, 3, 0);
    }
}
