package org.astropool.internal.scheduler.simulation;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Estimates how much CPU time one thread spends in a piece of code that is run millions of times. Uses CPU time instead
 * of elapsed time, which other programs affect; and samples it, because reading it takes as long as the code itself.
 */
final class CpuSampler {
    private static final int RUNS_PER_SAMPLE = 64;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long runs;
    private long samples;
    private long sampledNanos;
    private long start;
    private long nanosOfAsking;

    void begin() {
        if (++runs % RUNS_PER_SAMPLE == 0) {
            // reading it twice shows what a reading costs here, with the caches in their current state
            long before = threads.getCurrentThreadCpuTime();
            start = threads.getCurrentThreadCpuTime();
            nanosOfAsking = start - before;
        }
    }

    void end() {
        if (runs % RUNS_PER_SAMPLE == 0) {
            sampledNanos += threads.getCurrentThreadCpuTime() - start - nanosOfAsking;
            samples++;
        }
    }

    /** CPU time of all runs together, in nanoseconds. */
    long nanos() {
        return samples == 0 ? 0 : (long) ((double) sampledNanos / samples * runs);
    }
}
