package org.astropool.sampler;

/** Quantiles of samples. */
final class Quantiles {

    private Quantiles() {}

    /**
     * Linear interpolation between neighbouring values; the first is quantile 0 and the last quantile 1 (Hyndman and
     * Fan 1996, number 7).
     */
    static double of(double[] sorted, double share) {
        double index = share * (sorted.length - 1);
        int below = (int) index;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (index - below) * (sorted[above] - sorted[below]);
    }
}
