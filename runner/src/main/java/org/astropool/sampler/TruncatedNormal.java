package org.astropool.sampler;

import java.util.random.RandomGenerator;

/**
 * Random numbers of the standard normal distribution between two ends, by the rejection sampling of Robert (1995,
 * Statistics and Computing 5, 121).
 */
final class TruncatedNormal {

    private TruncatedNormal() {}

    /** A value from {@code low} to {@code high}, in standard deviations; either may be infinite. */
    static double draw(RandomGenerator random, double low, double high) {
        if (high < 0) {
            return -drawNotBelow(random, -high, -low);
        }
        return drawNotBelow(random, low, high);
    }

    /** The mean is between the ends, or below both. */
    private static double drawNotBelow(RandomGenerator random, double low, double high) {
        if (low <= 0) {
            return high - low > Math.sqrt(2 * Math.PI)
                    ? fromNormal(random, low, high)
                    : fromUniform(random, low, high, 0);
        }
        // in a narrow interval most uniform draws are kept, in a wide one most exponential ones
        double rate = (low + Math.sqrt(low * low + 4)) / 2;
        double narrow = Math.sqrt(Math.E) / rate * Math.exp(low * (low - rate) / 2);
        return high - low < narrow ? fromUniform(random, low, high, low) : fromExponential(random, low, high, rate);
    }

    private static double fromNormal(RandomGenerator random, double low, double high) {
        while (true) {
            double value = random.nextGaussian();
            if (value >= low && value <= high) {
                return value;
            }
        }
    }

    /** @param mode where the density is highest between the ends */
    private static double fromUniform(RandomGenerator random, double low, double high, double mode) {
        while (true) {
            double value = low + random.nextDouble() * (high - low);
            if (random.nextDouble() <= Math.exp((mode * mode - value * value) / 2)) {
                return value;
            }
        }
    }

    private static double fromExponential(RandomGenerator random, double low, double high, double rate) {
        while (true) {
            double value = low - Math.log1p(-random.nextDouble()) / rate;
            double beyond = value - rate;
            if (value <= high && random.nextDouble() <= Math.exp(-beyond * beyond / 2)) {
                return value;
            }
        }
    }
}
