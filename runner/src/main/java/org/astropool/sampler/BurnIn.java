package org.astropool.sampler;

import java.util.Arrays;

/**
 * The number of steps at the beginning of a chain that depend on its start: 5 times its longest autocorrelation time,
 * estimated from its second half; at least until the median log-posterior of the walkers has reached its typical value,
 * the median over the second half; and at most half of the chain.
 */
public final class BurnIn {
    private static final double AUTOCORRELATION_TIMES = 5;

    private BurnIn() {}

    /** The steps to leave out, for {@link Chain#from}. */
    public static int steps(Chain chain) {
        int middle = chain.length() / 2;
        if (middle == 0) {
            return 0;
        }
        double times = AUTOCORRELATION_TIMES * AutocorrelationTime.longest(chain, middle);
        return (int) Math.min(middle, Math.max(Math.ceil(times), firstTypicalStep(chain, middle)));
    }

    private static int firstTypicalStep(Chain chain, int middle) {
        double[] medians = new double[chain.length()];
        for (int i = 0; i < medians.length; i++) {
            medians[i] = median(chain.get(i).logPosteriors());
        }
        double typical = median(Arrays.copyOfRange(medians, middle, medians.length));
        int first = 0;
        while (medians[first] < typical) { // terminates, since the median is one of them or below one
            first++;
        }
        return first;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return Quantiles.of(sorted, 0.5);
    }
}
