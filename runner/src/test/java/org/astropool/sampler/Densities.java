package org.astropool.sampler;

import java.util.random.RandomGenerator;
import org.astropool.task.RandomStreams;

/** Densities whose means, covariances and quantiles are known. */
public final class Densities {

    private Densities() {}

    /** Evaluates points one by one, here. */
    public static PointEvaluator direct(Function function) {
        return (numbers, points) -> {
            double[] values = new double[points.length];
            for (int i = 0; i < points.length; i++) {
                values[i] = function.at(points[i]);
            }
            return values;
        };
    }

    /** The logarithm of a density. */
    public interface Function {
        double at(double[] point);
    }

    /**
     * A normal distribution in 10 dimensions: means i, standard deviations from 0.1 to 10, correlations 0.9^|i - j|, as
     * of values of an autoregressive process, whose density is a product.
     */
    public static final class Correlated implements Function {
        public static final int DIMENSIONS = 10;
        static final double CORRELATION = 0.9;

        public static double mean(int i) {
            return i;
        }

        public static double std(int i) {
            return 0.1 * Math.pow(100, i / (DIMENSIONS - 1.0));
        }

        public static double covariance(int i, int j) {
            return std(i) * std(j) * Math.pow(CORRELATION, Math.abs(i - j));
        }

        public static JointPrior prior() {
            JointPrior prior = JointPrior.of("x0", range(0));
            for (int i = 1; i < DIMENSIONS; i++) {
                prior = prior.and("x" + i, range(i));
            }
            return prior;
        }

        private static Prior range(int i) {
            return new Prior.Flat(mean(i) - 12 * std(i), mean(i) + 17 * std(i));
        }

        @Override
        public double at(double[] point) {
            double before = (point[0] - mean(0)) / std(0);
            double sum = before * before;
            for (int i = 1; i < point.length; i++) {
                double value = (point[i] - mean(i)) / std(i);
                double innovation = value - CORRELATION * before;
                sum += innovation * innovation / (1 - CORRELATION * CORRELATION);
                before = value;
            }
            return -0.5 * sum;
        }

        /** Draws from the density itself. */
        static double[][] draws(int count, long seed) {
            double[][] draws = new double[count][DIMENSIONS];
            for (int walker = 0; walker < count; walker++) {
                RandomGenerator random = RandomStreams.stream(seed, walker);
                double value = random.nextGaussian();
                for (int i = 0; i < DIMENSIONS; i++) {
                    draws[walker][i] = mean(i) + std(i) * value;
                    value = CORRELATION * value + Math.sqrt(1 - CORRELATION * CORRELATION) * random.nextGaussian();
                }
            }
            return draws;
        }
    }

    /**
     * The Rosenbrock density of Goodman and Weare (2010): {@code exp(-(100 (y - x^2)^2 + (1 - x)^2) / 20)}. So x is
     * normal with mean 1 and variance 10, and y, given x, with mean x^2 and variance 0.1.
     */
    static final class Rosenbrock implements Function {
        public static JointPrior prior() {
            return JointPrior.of("x", new Prior.Flat(-40, 40)).and("y", new Prior.Flat(-10, 1600));
        }

        @Override
        public double at(double[] point) {
            double x = point[0];
            double off = point[1] - x * x;
            return -(100 * off * off + (1 - x) * (1 - x)) / 20;
        }

        /** Draws from the density itself. */
        static double[][] draws(int count, long seed) {
            double[][] draws = new double[count][];
            for (int walker = 0; walker < count; walker++) {
                RandomGenerator random = RandomStreams.stream(seed, walker);
                double x = 1 + Math.sqrt(10) * random.nextGaussian();
                draws[walker] = new double[] {x, x * x + Math.sqrt(0.1) * random.nextGaussian()};
            }
            return draws;
        }

        /** The probability that y is below a value. */
        static double shareBelow(double y) {
            double sum = 0;
            double step = 0.001;
            for (double z = -10 + step / 2; z < 10; z += step) {
                double x = 1 + Math.sqrt(10) * z;
                sum += step * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * normalShare((y - x * x) / Math.sqrt(0.1));
            }
            return sum;
        }

        /** The value below which y has a probability. */
        static double quantile(double share) {
            double low = -10;
            double high = 1600;
            while (high - low > 1e-6) {
                double middle = (low + high) / 2;
                if (shareBelow(middle) < share) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }

    /** The cumulative standard normal distribution. */
    static double normalShare(double z) {
        return 0.5 * org.hipparchus.special.Erf.erfc(-z / Math.sqrt(2));
    }

    /** Its inverse. */
    static double normalQuantile(double share) {
        return -Math.sqrt(2) * org.hipparchus.special.Erf.erfcInv(2 * share);
    }
}
