package org.astropool.internal.job.forecast;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * How long units take, as learned from some of them: a {@link Trend} over their features, and a distribution around it.
 * Where the logarithms around the trend look normal, that distribution is log-normal; otherwise it is that of the
 * measured values, with a power law for the largest tenth if that looks like one. Immutable.
 */
public final class DurationModel {
    /** Fewer durations say nothing about their distribution. */
    public static final int LEAST = 5;

    /** Standard errors of skewness and kurtosis that a normal distribution may show. */
    private static final double NORMAL_ERRORS = 3;
    /** The exponent of a power law below which it counts as heavy: its variance hardly converges. */
    private static final double HEAVY_EXPONENT = 2.5;
    /** Without a finite mean there would be nothing to predict. */
    private static final double LEAST_EXPONENT = 1;
    /** Fewer values do not tell an exponent. */
    private static final int LEAST_IN_TAIL = 5;
    /** A gap that is so many times as wide as expected separates two populations. */
    private static final double GAP = 8;
    /** Fewer values above a gap are no population. */
    private static final int LEAST_ABOVE_GAP = 3;
    /**
     * The part of the durations in a bootstrap sample. With all of them, intervals of a mean of skewed values are known
     * to be too narrow.
     */
    private static final double SAMPLE = 0.8;

    private static final double LEAST_SECONDS = 1e-9;

    /** The distribution of the durations around their trend. */
    public enum Shape {
        LOG_NORMAL,
        MEASURED,
        HEAVY_TAIL
    }

    private final Trend trend;
    private final double[] residuals;
    private final Shape shape;
    private final double[] sortedSeconds;

    private DurationModel(Trend trend, double[] seconds) {
        this.trend = trend;
        double inflation = Math.sqrt((double) seconds.length / Math.max(1, trend.degreesOfFreedom()));
        this.residuals =
                Arrays.stream(trend.residuals()).map(r -> r * inflation).toArray();
        this.shape = shape(residuals);
        this.sortedSeconds = Arrays.stream(seconds).sorted().toArray();
    }

    /**
     * Learns from durations.
     *
     * @param features of each unit, all of the same length
     * @param seconds of each unit; at least {@link #LEAST} units
     */
    public static DurationModel of(double[][] features, double[] seconds) {
        if (seconds.length < LEAST || features.length != seconds.length) {
            throw new IllegalArgumentException(seconds.length + " durations; at least " + LEAST + " are necessary");
        }
        double[] logs = Arrays.stream(seconds)
                .map(s -> Math.log(Math.max(s, LEAST_SECONDS)))
                .toArray();
        return new DurationModel(Trend.of(features, logs), seconds);
    }

    private static Shape shape(double[] residuals) {
        double[] sorted = Arrays.stream(residuals).sorted().toArray();
        double mean = Arrays.stream(sorted).sum() / sorted.length;
        double variance = moment(sorted, mean, 2);
        double skewness = variance > 0 ? moment(sorted, mean, 3) / Math.pow(variance, 1.5) : 0;
        double kurtosis = variance > 0 ? moment(sorted, mean, 4) / (variance * variance) - 3 : 0;
        double skewnessError = Math.sqrt(6.0 / sorted.length);
        double kurtosisError = 2 * skewnessError;
        if (Math.abs(skewness) < NORMAL_ERRORS * skewnessError && Math.abs(kurtosis) < NORMAL_ERRORS * kurtosisError) {
            return Shape.LOG_NORMAL;
        }
        return skewness > 0 && isHeavy(sorted) ? Shape.HEAVY_TAIL : Shape.MEASURED;
    }

    private static double moment(double[] values, double mean, int order) {
        return Arrays.stream(values).map(x -> Math.pow(x - mean, order)).sum() / values.length;
    }

    private static boolean isHeavy(double[] sortedLogs) {
        double[] spacings = spacings(sortedLogs, Factors.TAIL);
        double sum = Arrays.stream(spacings).sum();
        for (int i = LEAST_ABOVE_GAP - 1; i < spacings.length; i++) {
            if (spacings[i] * (spacings.length - 1) > GAP * (sum - spacings[i])) {
                return false;
            }
        }
        return 1 / mean(spacings) < HEAVY_EXPONENT && 1 / mean(spacings(sortedLogs, Factors.TAIL / 2)) < HEAVY_EXPONENT;
    }

    /**
     * Renyi (1953): the distance of the i-th largest logarithm to the next one, times i. For a power law these are
     * independent, with an exponential distribution whose mean is 1 / exponent; so their mean is the estimate of Hill
     * (1975).
     */
    private static double[] spacings(double[] sortedLogs, double share) {
        double[] spacings = new double
                [Math.min(sortedLogs.length - 1, Math.max(LEAST_IN_TAIL, (int) Math.round(share * sortedLogs.length)))];
        for (int i = 1; i <= spacings.length; i++) {
            spacings[i - 1] = i * (sortedLogs[sortedLogs.length - i] - sortedLogs[sortedLogs.length - i - 1]);
        }
        return spacings;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    public Shape shape() {
        return shape;
    }

    /** The numbers of the features on which the durations depend. */
    public int[] trendFeatures() {
        return trend.features();
    }

    /** How many durations it has learned from. */
    public int count() {
        return sortedSeconds.length;
    }

    public double medianSeconds() {
        return sortedSeconds[sortedSeconds.length / 2];
    }

    public double meanSeconds() {
        return mean(sortedSeconds);
    }

    public double longestSeconds() {
        return sortedSeconds[sortedSeconds.length - 1];
    }

    public double shortestSeconds() {
        return sortedSeconds[0];
    }

    boolean hasTrend() {
        return trend.features().length > 0;
    }

    /** The terms of the trend at a unit. */
    double[] row(double[] features) {
        return trend.row(features);
    }

    /** The best estimate of the trend alone. */
    Draw expected() {
        return new Draw(trend.coefficients(), Factors.logNormal(0));
    }

    /** What the true trend and distribution may be, in view of the durations. */
    Draw draw(RandomGenerator random) {
        return shape == Shape.LOG_NORMAL ? logNormal(random) : resampled(random);
    }

    /** A draw from the posterior of a linear regression with normal errors and a uniform prior. */
    private Draw logNormal(RandomGenerator random) {
        int freedom = Math.max(1, trend.degreesOfFreedom());
        double chiSquared = 0;
        for (int i = 0; i < freedom; i++) {
            double z = random.nextGaussian();
            chiSquared += z * z;
        }
        double sigma = trend.sigma() * Math.sqrt(freedom / chiSquared);
        double[] coefficients = trend.coefficients();
        double[] errors = new double[coefficients.length];
        Arrays.setAll(errors, i -> sigma * random.nextGaussian());
        double[] shift = trend.fromOrthonormal(errors);
        Arrays.setAll(coefficients, i -> coefficients[i] + shift[i]);
        return new Draw(coefficients, Factors.logNormal(sigma));
    }

    /** Efron (1979): a bootstrap sample of the residuals. */
    private Draw resampled(RandomGenerator random) {
        double[] sample = new double[(int) Math.ceil(SAMPLE * residuals.length)];
        Arrays.setAll(sample, i -> residuals[random.nextInt(residuals.length)]);
        double[] errors = new double[residuals.length];
        Arrays.setAll(errors, i -> sample[i % sample.length]);
        double[] shift = trend.fit(errors);
        shift[0] -= mean(errors); // it is in the values of the sample
        double[] coefficients = trend.coefficients();
        Arrays.setAll(coefficients, i -> coefficients[i] + shift[i]);
        Arrays.sort(sample);
        double[] factors = Arrays.stream(sample).map(Math::exp).toArray();
        return new Draw(
                coefficients,
                shape == Shape.HEAVY_TAIL ? Factors.withPowerLaw(factors, exponent(random)) : Factors.of(factors));
    }

    /** A draw from the posterior of the exponent, with the prior 1 / exponent. */
    private double exponent(RandomGenerator random) {
        double[] spacings = spacings(Arrays.stream(residuals).sorted().toArray(), Factors.TAIL);
        double gamma = 0;
        for (int i = 0; i < spacings.length; i++) {
            gamma += random.nextExponential();
        }
        return Math.max(LEAST_EXPONENT, gamma / Arrays.stream(spacings).sum());
    }

    /**
     * A trend and a distribution around it.
     *
     * @param coefficients of {@link #row}
     */
    record Draw(double[] coefficients, Factors factors) {
        /** The trend at a unit, in seconds. */
        double scale(double[] row) {
            double log = 0;
            for (int i = 0; i < row.length; i++) {
                log += row[i] * coefficients[i];
            }
            return Math.exp(log);
        }
    }
}
