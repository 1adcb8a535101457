package org.astropool.internal.scheduler.simulation;

import java.util.function.LongUnaryOperator;

/**
 * Log-normal durations by unit: a function of the seed and the unit's number, so that no list of them is kept.
 * StrictMath, so that all machines decide the same.
 *
 * @param meanNanos mean of the distribution (not its median)
 * @param sigma standard deviation of the logarithm; at 0 all last {@code meanNanos}
 */
public record LogNormalDurations(long seed, double meanNanos, double sigma) implements LongUnaryOperator {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final double ULP = 0x1p-53;

    /** Nanoseconds of a unit. */
    @Override
    public long applyAsLong(long unit) {
        long bits = mix(seed + GOLDEN_GAMMA * (2 * unit + 1));
        double radius = StrictMath.sqrt(-2 * StrictMath.log(((bits >>> 11) + 1) * ULP));
        double angle = 2 * StrictMath.PI * (mix(bits + GOLDEN_GAMMA) >>> 11) * ULP;
        // Box and Muller (1958), and the mean of a log-normal distribution, exp(mu + sigma^2 / 2)
        return (long) (meanNanos * StrictMath.exp(sigma * radius * StrictMath.cos(angle) - sigma * sigma / 2));
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
