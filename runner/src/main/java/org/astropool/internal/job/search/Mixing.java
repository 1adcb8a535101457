package org.astropool.internal.job.search;

/**
 * How well a chain has mixed so far.
 *
 * @param steps that it has
 * @param burn those at its beginning that are left out
 * @param autocorrelationTime in steps, of the parameter for which it is the longest
 */
public record Mixing(int walkers, int steps, int burn, double autocorrelationTime) {
    /**
     * Shorter chains, in autocorrelation times, do not tell their autocorrelation time (Foreman-Mackey et al. 2013).
     */
    public static final int RELIABLE = 50;

    /** How many steps have to follow the burn-in for so many effective samples. */
    public long stepsFor(double effectiveSamples) {
        return burn + (long) Math.ceil(effectiveSamples * autocorrelationTime / walkers);
    }

    public double effectiveSamples() {
        return (steps - burn) * (double) walkers / autocorrelationTime;
    }

    public boolean isReliable() {
        return steps - burn >= RELIABLE * autocorrelationTime;
    }
}
