package org.astropool.sampler;

import java.util.Arrays;

/**
 * How many steps at the beginning of a chain remember its start: 5 of its longest autocorrelation times, which are
 * estimated from its second half; at least until the median log-posterior of the walkers has once reached its typical
 * value, the median of that of the second half; and never more than half of the chain.
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
        while (medians[first] < typical) { // ends: the median is among them, or below one
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
