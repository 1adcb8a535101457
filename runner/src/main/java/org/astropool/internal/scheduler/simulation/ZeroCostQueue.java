package org.astropool.internal.scheduler.simulation;

import java.util.PriorityQueue;
import java.util.function.LongUnaryOperator;

/**
 * The bound for every scheduler that hands out units in a given order without knowing their durations: each slot takes
 * the next unit at the moment when it becomes free.
 */
public final class ZeroCostQueue {
    private ZeroCostQueue() {}

    /** When the last unit ends, in nanoseconds. */
    public static long makespanNanos(long units, int slots, LongUnaryOperator durations) {
        PriorityQueue<Long> freeAt = new PriorityQueue<>();
        long last = 0;
        for (long unit = 0; unit < units; unit++) {
            long begin = unit < slots ? 0 : freeAt.remove();
            long end = begin + durations.applyAsLong(unit);
            freeAt.add(end);
            last = Math.max(last, end);
        }
        return last;
    }
}
