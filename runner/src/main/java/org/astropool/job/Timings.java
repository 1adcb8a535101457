package org.astropool.job;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.astropool.task.Outcome;

/** How long each point took, and where. Filled by one thread. */
public final class Timings {
    private static final double SLOW = 20;
    private static final double LEAST_SLOW = 1;

    private final double[] seconds;
    private final int[] workers;
    private final short[] attempts;

    Timings(int points) {
        this.seconds = new double[points];
        this.workers = new int[points];
        this.attempts = new short[points];
        Arrays.fill(workers, -1);
    }

    void set(int point, Outcome.Execution execution) {
        seconds[point] = execution.seconds();
        workers[point] = execution.worker();
        attempts[point] = (short) Math.min(execution.attempt(), Short.MAX_VALUE);
    }

    /** Seconds of the execution that counts; a point of a batch has its share of the batch. */
    public double seconds(int point) {
        return seconds[point];
    }

    /** Number of the worker process, -1 when the point never came to an end on one. */
    public int worker(int point) {
        return workers[point];
    }

    /** From 1; 0 for a point that was not evaluated. */
    public int attempt(int point) {
        return attempts[point];
    }

    /** Points that took 20 times the median, and longer than a second: they may deserve a timeout. */
    public int[] slowPoints() {
        double[] sorted = Arrays.stream(seconds).filter(s -> s > 0).sorted().toArray();
        double limit = sorted.length == 0 ? 0 : Math.max(LEAST_SLOW, SLOW * sorted[sorted.length / 2]);
        return IntStream.range(0, seconds.length)
                .filter(point -> seconds[point] > limit)
                .toArray();
    }

    /** Sum of all attempts. */
    public long attempts() {
        long sum = 0;
        for (short attempt : attempts) {
            sum += attempt;
        }
        return sum;
    }
}
