package org.astropool.internal.job.forecast;

import java.util.Arrays;

/** Slots that take units in order, each as soon as it is free. For one thread. */
final class ListSchedule {
    /** When each slot becomes free: a heap, the earliest at its root. */
    private final double[] free;

    private double end;

    /** @param begin when the slots become free for the first time */
    ListSchedule(int slots, double begin) {
        free = new double[slots];
        Arrays.fill(free, begin);
        end = begin;
    }

    void add(double seconds) {
        double value = free[0] + seconds;
        end = Math.max(end, value);
        int place = 0;
        while (2 * place + 1 < free.length) {
            int child = 2 * place + 1;
            if (child + 1 < free.length && free[child + 1] < free[child]) {
                child++;
            }
            if (free[child] >= value) {
                break;
            }
            free[place] = free[child];
            place = child;
        }
        free[place] = value;
    }

    /** When the last unit ends. */
    double end() {
        return end;
    }
}
