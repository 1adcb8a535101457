package org.astropool.internal.activity;

/**
 * What one worker did. All times are in seconds since the start of the run; NaN where something has not happened.
 *
 * @param number of the worker; under MPI its rank
 * @param pid its process on that host
 * @param slots its evaluation threads
 * @param ready when it could be given tasks
 * @param lastHeard when its last result arrived
 * @param left when it left the pool or was lost
 * @param lost why it was lost, or ""
 * @param evaluated tasks whose outcome it returned
 * @param busySeconds evaluation time, summed over its slots
 * @param medianSeconds the median of the evaluation time of a task, within 6 %; of tasks that were handed over
 *     together, of their mean
 * @param timeline the part of its slots that was busy, from 0 to 1, in each bin since the start of the run; bins after
 *     the last are 0
 */
public record WorkerActivity(
        int number,
        String host,
        long pid,
        int slots,
        double ready,
        double lastHeard,
        double left,
        String lost,
        long evaluated,
        double busySeconds,
        double medianSeconds,
        float[] timeline) {}
