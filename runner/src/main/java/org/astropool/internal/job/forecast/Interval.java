package org.astropool.internal.job.forecast;

import java.util.Arrays;

/**
 * A predicted quantity: its median, and the interval that contains it with a probability of 90 %.
 *
 * @param low the quantile of 5 %
 * @param high the quantile of 95 %
 */
public record Interval(double low, double median, double high) {
    private static final double LOW = 0.05;

    static Interval of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Interval(quantile(sorted, LOW), quantile(sorted, 0.5), quantile(sorted, 1 - LOW));
    }

    /** At (n + 1) times the share, so that few values do not make the interval too narrow. */
    private static double quantile(double[] sorted, double share) {
        double place = Math.max(0, Math.min(sorted.length - 1.0, share * (sorted.length + 1) - 1));
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** The same plus a constant. */
    public Interval plus(double more) {
        return new Interval(low + more, median + more, high + more);
    }

    /** The same in another unit. */
    public Interval times(double factor) {
        return new Interval(low * factor, median * factor, high * factor);
    }
}
