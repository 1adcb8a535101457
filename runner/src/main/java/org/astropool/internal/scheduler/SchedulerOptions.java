package org.astropool.internal.scheduler;

/**
 * What the {@link Scheduler} has to know about its environment.
 *
 * @param roundTripNanos how long the transfers of a chunk and of its answer take together; when in doubt, the longer
 *     value
 * @param targetChunkNanos how long a chunk should take while many units are left
 * @param maxWaiting how many chunks may wait at a worker behind those that it evaluates
 * @param deadlineSlackNanos how much later than its deadline the scheduler gives up a chunk
 */
public record SchedulerOptions(long roundTripNanos, long targetChunkNanos, int maxWaiting, long deadlineSlackNanos) {

    /** A round trip of 200 microseconds, chunks of 16 ms, at most 1024 of them waiting at a worker, 5 s of slack. */
    public static SchedulerOptions defaults() {
        return new SchedulerOptions(200_000, 16_000_000, 1024, 5_000_000_000L);
    }

    /** The same with another round trip. */
    public SchedulerOptions withRoundTripNanos(long nanos) {
        return new SchedulerOptions(nanos, targetChunkNanos, maxWaiting, deadlineSlackNanos);
    }

    /**
     * No chunk is sent ahead behind one that takes longer than this: the saved round trip would be less than a
     * thousandth of its time, and a chunk that waits at a worker cannot be evaluated by another.
     */
    long longestWaitNanos() {
        return 1000 * roundTripNanos;
    }
}
