package org.astropool.sampler;

import java.util.Arrays;

/**
 * The integrated autocorrelation time, {@code tau = 1 + 2 sum of rho(t) over t >= 1}, in steps: a mean over n steps is
 * as precise as one of n / tau independent values (Sokal 1997, "Monte Carlo methods in statistical mechanics", section
 * 2, where tau is half of this).
 *
 * <p>The sum ends at the first lag M >= 5 with M >= 5 tau(M), since there is only noise beyond it (Sokal's automatic
 * window, his section 3). The autocorrelation function rho is averaged over the walkers, which makes it less noisy than
 * that of one, or of their mean (Foreman-Mackey et al., documentation of emcee 3). Deviations are those from the mean
 * of all walkers, so walkers that stay in different regions give a long time.
 */
public final class AutocorrelationTime {
    private static final double WINDOW = 5;
    private static final int LAGS_AT_ONCE = 4;

    /** For a long time, every n-th step gives the same result; n is halved until the result does not change. */
    private static final int SHORTEST_THINNED = 200;

    private static final double FINE_ENOUGH = 10;
    private static final double LARGEST_DIFFERENCE = 0.02;

    private AutocorrelationTime() {}

    /**
     * Estimates the time. It can be trusted when the series are at least 50 times longer; shorter series give too small
     * a value.
     *
     * @param series shape walkers x steps; at least one step
     * @return at least 1 / steps; infinite when all values are the same
     */
    public static double of(double[][] series) {
        int stride = Integer.highestOneBit(Math.max(1, series[0].length / SHORTEST_THINNED));
        double coarser = Double.NaN;
        while (true) {
            double time = stride * ofThinned(series, stride);
            if (stride == 1
                    || (time >= FINE_ENOUGH * stride && Math.abs(time - coarser) <= LARGEST_DIFFERENCE * time)) {
                return time;
            }
            coarser = time;
            stride /= 2;
        }
    }

    /** The time of every {@code stride}-th step, in units of {@code stride} steps. */
    private static double ofThinned(double[][] series, int stride) {
        int length = (series[0].length + stride - 1) / stride;
        double[][] deviations = deviations(series, stride, length);
        double[] sums = new double[LAGS_AT_ONCE];
        double variance = 0;
        double tau = -1; // twice the sum over all lags counts lag 0 one time too many
        for (int lag = 0; lag < length; lag += LAGS_AT_ONCE) {
            Arrays.fill(sums, 0);
            for (double[] walker : deviations) {
                addProducts(walker, length, lag, sums);
            }
            variance = lag == 0 ? sums[0] : variance;
            if (variance == 0) {
                return Double.POSITIVE_INFINITY;
            }
            for (int i = 0; i < LAGS_AT_ONCE; i++) {
                tau += 2 * sums[i] / variance;
                if (lag + i >= WINDOW * Math.max(tau, 1)) {
                    return Math.max(tau, 1.0 / length);
                }
            }
        }
        return Math.max(tau, 1.0 / length);
    }

    /** From the mean of all, each row followed by zeros, so that the products need no bounds checks. */
    private static double[][] deviations(double[][] series, int stride, int length) {
        double sum = 0;
        boolean same = true;
        for (double[] walker : series) {
            for (int i = 0; i < length; i++) {
                sum += walker[i * stride];
                same &= walker[i * stride] == series[0][0];
            }
        }
        double mean = sum / series.length / length;
        double[][] deviations = new double[series.length][length + LAGS_AT_ONCE];
        for (int walker = 0; walker < series.length && !same; walker++) {
            for (int i = 0; i < length; i++) {
                deviations[walker][i] = series[walker][i * stride] - mean;
            }
        }
        return deviations;
    }

    /** Four lags at a time: a single lag would wait for each addition. */
    private static void addProducts(double[] x, int length, int lag, double[] sums) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        for (int i = 0; i < length - lag; i++) {
            double value = x[i];
            sum0 += value * x[i + lag];
            sum1 += value * x[i + lag + 1];
            sum2 += value * x[i + lag + 2];
            sum3 += value * x[i + lag + 3];
        }
        sums[0] += sum0;
        sums[1] += sum1;
        sums[2] += sum2;
        sums[3] += sum3;
    }

    /** The longest time of all parameters, starting at a step of a chain. */
    static double longest(Chain chain, int first) {
        double longest = 0;
        for (int parameter = 0; parameter < chain.dimensions(); parameter++) {
            longest = Math.max(longest, of(chain.series(parameter, first)));
        }
        return longest;
    }
}
