package org.astropool.sampler;

import java.io.Serializable;
import java.util.random.RandomGenerator;

/** The prior probability density of one parameter. Immutable. */
public sealed interface Prior extends Serializable {

    /** The natural logarithm of the density at a value; -infinity where the prior is zero. */
    double logDensity(double value);

    /** The lowest value whose density is above zero; may be -infinity. */
    double from();

    /** The highest value whose density is above zero; may be +infinity. */
    double to();

    /** A random value; within {@link #from} and {@link #to}. */
    double draw(RandomGenerator random);

    /** A constant density between two ends. */
    record Flat(double from, double to) implements Prior {
        public Flat {
            checkRange(from, to);
        }

        @Override
        public double logDensity(double value) {
            return value >= from && value <= to ? -Math.log(to - from) : Double.NEGATIVE_INFINITY;
        }

        @Override
        public double draw(RandomGenerator random) {
            double value = from + random.nextDouble() * (to - from);
            return Math.min(Math.max(value, from), to); // rounding may give a value outside the ends
        }

        @Override
        public String toString() {
            return "flat(" + from + ", " + to + ")";
        }
    }

    /** Flat in the logarithm, between two ends above 0: the density is proportional to 1/value. */
    record LogFlat(double from, double to) implements Prior {
        public LogFlat {
            checkRange(from, to);
            if (from <= 0) {
                throw new IllegalArgumentException("a log-flat prior needs from above 0, but it is " + from);
            }
        }

        @Override
        public double logDensity(double value) {
            return value >= from && value <= to
                    ? -Math.log(value) - Math.log(Math.log(to / from))
                    : Double.NEGATIVE_INFINITY;
        }

        @Override
        public double draw(RandomGenerator random) {
            double value = from * Math.exp(random.nextDouble() * Math.log(to / from));
            return Math.min(Math.max(value, from), to); // rounding may give a value outside the ends
        }

        @Override
        public String toString() {
            return "log-flat(" + from + ", " + to + ")";
        }
    }

    /**
     * A normal distribution, truncated at two ends that may be infinite. Normalized over all numbers, not between the
     * ends: the constant factor cancels in marginals and in the evidence.
     */
    record Normal(double mean, double std, double from, double to) implements Prior {
        private static final double LOG_SQRT_2_PI = 0.5 * Math.log(2 * Math.PI);

        public Normal {
            if (!Double.isFinite(mean) || !Double.isFinite(std) || std <= 0) {
                throw new IllegalArgumentException(
                        "a normal prior needs a finite mean and std above 0, but they are " + mean + " and " + std);
            }
            if (!(from < to)) {
                throw new IllegalArgumentException("a prior needs from below to, but they are " + from + " and " + to);
            }
        }

        @Override
        public double logDensity(double value) {
            if (!(value >= from && value <= to)) {
                return Double.NEGATIVE_INFINITY;
            }
            double deviation = (value - mean) / std;
            return -0.5 * deviation * deviation - Math.log(std) - LOG_SQRT_2_PI;
        }

        @Override
        public double draw(RandomGenerator random) {
            double value = mean + std * TruncatedNormal.draw(random, (from - mean) / std, (to - mean) / std);
            return Math.min(Math.max(value, from), to); // rounding may give a value outside the ends
        }

        @Override
        public String toString() {
            return "normal(" + mean + ", " + std + ", " + from + ", " + to + ")";
        }
    }

    private static void checkRange(double from, double to) {
        if (!Double.isFinite(from) || !Double.isFinite(to) || !(from < to)) {
            throw new IllegalArgumentException(
                    "a prior needs a finite from below to, but they are " + from + " and " + to);
        }
    }
}
