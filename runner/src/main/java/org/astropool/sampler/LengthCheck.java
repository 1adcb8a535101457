package org.astropool.sampler;

/**
 * Decides when a chain is long enough: when it is, after its burn-in, longer than a given multiple of its longest
 * autocorrelation time, and that time has changed by less than 1 % since the previous check, so that it does not grow
 * with the chain any more. Depends only on the chain, so a repeated chain ends at the same step. Not thread-safe.
 */
public final class LengthCheck {
    private static final double LARGEST_CHANGE = 0.01;

    /** Checks take time, so there are none before this fraction of the length that the last one has predicted. */
    private static final double WORTH_A_CHECK = 0.8;

    private final double autocorrelationTimes;
    private final int interval;
    private long nextCheck;
    private double time = Double.NaN;

    /**
     * Creates a check.
     *
     * @param autocorrelationTimes the required number; below 50 the time itself is not reliable
     * @param interval the steps between two checks
     * @throws IllegalArgumentException when one of them is not above 0
     */
    public LengthCheck(double autocorrelationTimes, int interval) {
        if (!(autocorrelationTimes > 0) || interval < 1) {
            throw new IllegalArgumentException("the required length is " + autocorrelationTimes
                    + " autocorrelation times, checked every " + interval + " steps; both must be above 0");
        }
        this.autocorrelationTimes = autocorrelationTimes;
        this.interval = interval;
        this.nextCheck = interval;
    }

    /**
     * Whether the chain is long enough; to be called after every step, beginning with the first. Most calls take no
     * time.
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
        // also false when one of the times is infinite or this is the first check
        return length - burnIn >= wanted && Math.abs(time - before) < LARGEST_CHANGE * time;
    }

    /** The longest autocorrelation time of the last check, in steps; NaN before the first. */
    public double autocorrelationTime() {
        return time;
    }
}
