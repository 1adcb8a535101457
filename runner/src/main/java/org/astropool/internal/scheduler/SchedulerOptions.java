package org.astropool.internal.scheduler;

/**
 * What the {@link Scheduler} has to know about its surroundings.
 *
 * @param roundTripNanos how long a chunk and its answer are on their way together; rather too long than too short
 * @param targetChunkNanos how long a chunk should take while many units are left
 * @param maxWaiting how many chunks may wait at a worker behind those that it evaluates
 * @param deadlineSlackNanos how much later than its deadline the scheduler gives a chunk up
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
     * Behind chunks that take longer than this none is sent ahead: the round trip that it would save is less than a
     * thousandth of their time, and what waits at a worker cannot be evaluated by another one.
     */
    long longestWaitNanos() {
        return 1000 * roundTripNanos;
    }
}
