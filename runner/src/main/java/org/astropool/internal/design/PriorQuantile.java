package org.astropool.internal.design;

import java.util.function.DoubleUnaryOperator;
import org.astropool.sampler.Prior;
import org.hipparchus.special.Erf;

/** The inverse of the cumulative distribution of a prior, between its ends. Stateless. */
final class PriorQuantile {
    private static final double SQRT_2 = Math.sqrt(2);
    private static final double LOG_SQRT_2_PI = 0.5 * Math.log(2 * Math.PI);
    /** Newton's method doubles the number of digits in each step. */
    private static final int MOST_STEPS = 20;
    /** In standard deviations. */
    private static final double FAR = -30;

    private PriorQuantile() {}

    /** The value below which the given part of the prior lies; above 0 and below 1. */
    static double of(Prior prior, double part) {
        double value;
        if (prior instanceof Prior.Flat flat) {
            value = flat.from() + part * (flat.to() - flat.from());
        } else if (prior instanceof Prior.LogFlat flat) {
            value = flat.from() * Math.exp(part * Math.log(flat.to() / flat.from()));
        } else if (prior instanceof Prior.Normal normal) {
            double low = (normal.from() - normal.mean()) / normal.std();
            double high = (normal.to() - normal.mean()) / normal.std();
            value = normal.mean() + normal.std() * ofNormal(low, high, part);
        } else {
            throw new IllegalArgumentException("no quantiles of " + prior);
        }
        return Math.min(Math.max(value, prior.from()), prior.to()); // rounding may give a value outside the ends
    }

    /**
     * Of the standard normal distribution between two ends. In the lower tail, where probabilities keep their digits.
     */
    private static double ofNormal(double low, double high, double part) {
        if (low + high > 0) {
            return -ofNormal(-high, -low, 1 - part);
        }
        if (high < FAR) {
            return ofFarTail(low, high, part);
        }
        double below = below(low);
        double probability = below + part * (below(high) - below);
        return probability > 0.5 ? -ofTail(1 - probability) : ofTail(probability);
    }

    private static double below(double value) {
        return Double.isInfinite(value) ? (value < 0 ? 0 : 1) : 0.5 * Erf.erfc(-value / SQRT_2);
    }

    /** The value with this probability below it, at most 1/2. */
    private static double ofTail(double probability) {
        double wanted = Math.log(probability);
        double start = probability > 1e-3
                ? SQRT_2 * Erf.erfInv(2 * probability - 1)
                : -Math.sqrt(Math.max(0, -2 * wanted - Math.log(-4 * Math.PI * wanted)));
        return solved(start, wanted, value -> Math.log(below(value)));
    }

    /** Between two ends so far away that doubles cannot hold the probability. */
    private static double ofFarTail(double low, double high, double part) {
        double logHigh = logBelowFar(high);
        double ratio = Double.isInfinite(low) ? 0 : Math.exp(logBelowFar(low) - logHigh);
        double change = Math.log(ratio + part * (1 - ratio));
        return solved(high - change / high, logHigh + change, PriorQuantile::logBelowFar);
    }

    /** The logarithm of the probability below a value that is less than {@link #FAR}, by its asymptotic series. */
    private static double logBelowFar(double value) {
        double t = 1 / (value * value);
        double series = -t * (1 - 3 * t * (1 - 5 * t * (1 - 7 * t * (1 - 9 * t))));
        return logDensity(value) - Math.log(-value) + Math.log1p(series);
    }

    private static double logDensity(double value) {
        return -0.5 * value * value - LOG_SQRT_2_PI;
    }

    /** By Newton's method. */
    private static double solved(double start, double wanted, DoubleUnaryOperator logBelow) {
        double value = start;
        for (int step = 0; step < MOST_STEPS; step++) {
            double log = logBelow.applyAsDouble(value);
            double change = (log - wanted) * Math.exp(log - logDensity(value));
            value -= change;
            if (Math.abs(change) <= 1e-14 * Math.max(1, Math.abs(value))) {
                break;
            }
        }
        return value;
    }
}
