package org.astropool.sampler;

/**
 * Says when a chain is long enough: when it has, after its burn-in, as many of its longest autocorrelation time as
 * wanted, and that time has changed by less than 1 % since the check before, so that it is no longer growing with the
 * chain. Depends on the chain alone, so a repeated chain ends at the same step. Not thread-safe.
 */
public final class LengthCheck {
    private static final double LARGEST_CHANGE = 0.01;

    /** Checks cost time; until this share of the length that the last one foretold, there are none. */
    private static final double WORTH_A_CHECK = 0.8;

    private final double autocorrelationTimes;
    private final int interval;
    private long nextCheck;
    private double time = Double.NaN;

    /**
     * Makes a check.
     *
     * @param autocorrelationTimes how many are wanted; 50 is the least that makes the time itself credible
     * @param interval the steps between two checks
     * @throws IllegalArgumentException when one of them is not above 0
     */
    public LengthCheck(double autocorrelationTimes, int interval) {
        if (!(autocorrelationTimes > 0) || interval < 1) {
            throw new IllegalArgumentException("the wanted length is " + autocorrelationTimes
                    + " autocorrelation times, checked every " + interval + " steps; both must be above 0");
        }
        this.autocorrelationTimes = autocorrelationTimes;
        this.interval = interval;
        this.nextCheck = interval;
    }

    /**
     * Whether the chain is long enough; to be asked after every step, from the first on. Most times it costs nothing.
     */
    public boolean isMet(Chain chain) {
        int length = chain.length();
        if (length < nextCheck) {
            return false;
        }
        int burnIn = BurnIn.steps(chain);
        double before = time;
        time = AutocorrelationTime.longest(chain, burnIn);
        double wanted = autocorrelationTimes * time;
        nextCheck = (long) Math.max(length + interval, Math.min(2.0 * length, burnIn + WORTH_A_CHECK * wanted));
        // false also when one of the times is infinite or there was none before
        return length - burnIn >= wanted && Math.abs(time - before) < LARGEST_CHANGE * time;
    }

    /** The longest autocorrelation time of the last check, in steps; NaN before the first. */
    public double autocorrelationTime() {
        return time;
    }
}
