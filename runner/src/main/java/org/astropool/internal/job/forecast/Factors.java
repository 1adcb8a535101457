package org.astropool.internal.job.forecast;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * The distribution of the ratio of a duration to its trend. The largest tenth is drawn one by one, since a few of them
 * may decide how long a run takes; the others are described by their mean and variance where there are many.
 */
final class Factors {
    /** The part of the units that is drawn one by one. */
    static final double TAIL = 0.1;

    /** The standard normal quantile of 1 - {@link #TAIL}. */
    private static final double TAIL_BEGIN = 1.2815515655446004;

    private static final NormalDistribution NORMAL = new NormalDistribution();
    private static final double[] NORMAL_BODY = normalBody();

    private final double[] body;
    private final ToDoubleFunction<RandomGenerator> tail;
    private final DoubleUnaryOperator tailQuantile;
    private final double mean;
    private final double variance;

    private Factors(double[] body, ToDoubleFunction<RandomGenerator> tail, DoubleUnaryOperator tailQuantile) {
        this.body = body;
        this.tail = tail;
        this.tailQuantile = tailQuantile;
        this.mean = Arrays.stream(body).sum() / body.length;
        this.variance =
                Arrays.stream(body).map(one -> (one - mean) * (one - mean)).sum() / body.length;
    }

    /** The quantiles of the normal distribution below its largest tenth. */
    private static double[] normalBody() {
        double[] quantiles = new double[128];
        Arrays.setAll(quantiles, i -> NORMAL.inverseCumulativeProbability((1 - TAIL) * (i + 0.5) / 128));
        return quantiles;
    }

    /** The logarithms have a normal distribution around 0. */
    static Factors logNormal(double sigma) {
        double[] body = new double[NORMAL_BODY.length];
        Arrays.setAll(body, i -> Math.exp(sigma * NORMAL_BODY[i]));
        return new Factors(
                body,
                random -> Math.exp(sigma * normalTail(random)),
                u -> Math.exp(sigma * -NORMAL.inverseCumulativeProbability(TAIL * (1 - u))));
    }

    /** Marsaglia (1964): a draw from the normal distribution beyond {@link #TAIL_BEGIN}. */
    private static double normalTail(RandomGenerator random) {
        while (true) {
            double z = Math.sqrt(TAIL_BEGIN * TAIL_BEGIN + 2 * random.nextExponential());
            if (random.nextDouble() * z < TAIL_BEGIN) {
                return z;
            }
        }
    }

    /** These values, each as probable as the others. */
    static Factors of(double[] sorted) {
        int split = bodySize(sorted);
        return new Factors(
                Arrays.copyOf(sorted, split),
                random -> sorted[split + random.nextInt(sorted.length - split)],
                u -> sorted[split + (int) (u * (sorted.length - split))]);
    }

    /** The same, but for the largest tenth a power law: P(factor > x) falls like x to the power of -exponent. */
    static Factors withPowerLaw(double[] sorted, double exponent) {
        int split = bodySize(sorted);
        double begin = sorted[split - 1];
        return new Factors(
                Arrays.copyOf(sorted, split),
                random -> begin * Math.exp(random.nextExponential() / exponent),
                u -> begin * Math.pow(1 - u, -1 / exponent));
    }

    private static int bodySize(double[] sorted) {
        return Math.max(1, sorted.length - Math.max(1, (int) Math.round(TAIL * sorted.length)));
    }

    /** The mean of the body. */
    double mean() {
        return mean;
    }

    /** The variance of the body. */
    double variance() {
        return variance;
    }

    double drawTail(RandomGenerator random) {
        return tail.applyAsDouble(random);
    }

    /**
     * The quantile of the largest tenth.
     *
     * @param u from 0, below 1
     */
    double tailQuantile(double u) {
        return tailQuantile.applyAsDouble(u);
    }

    double draw(RandomGenerator random) {
        return random.nextDouble() < TAIL ? drawTail(random) : body[random.nextInt(body.length)];
    }
}
