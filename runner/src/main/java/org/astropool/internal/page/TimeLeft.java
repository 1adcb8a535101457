package org.astropool.internal.page;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.astropool.internal.page.RunHistory.Sample;

/**
 * How long a run may still take, from the pace of its recent past.
 *
 * @param seconds at the mean pace
 * @param least at a pace two standard errors above the mean
 * @param most at a pace two standard errors below it; infinite when that is no pace
 */
public record TimeLeft(double seconds, double least, double most) {
    private static final int WINDOWS = 8;
    private static final int FEWEST_WINDOWS = 3;

    /** The part of the elapsed time that counts as the recent past. */
    private static final double RECENT = 0.5;

    /**
     * Estimates it.
     *
     * @param samples since the run was started or resumed, in order
     * @param left points without an outcome
     * @return empty when the run has no pace yet
     */
    public static Optional<TimeLeft> of(List<Sample> samples, double left) {
        if (samples.size() < 2) {
            return Optional.empty();
        }
        Sample last = samples.get(samples.size() - 1);
        Sample first = samples.get(0);
        double begin = last.seconds() - RECENT * (last.seconds() - first.seconds());
        Sample from = before(samples, begin);
        double span = last.seconds() - from.seconds();
        double done = last.done() - from.done();
        if (!(span > 0) || !(done > 0)) {
            return Optional.empty();
        }
        double mean = done / span;
        double error = error(samples, from, last, mean, done);
        double slow = mean - 2 * error;
        return Optional.of(new TimeLeft(
                left / mean, left / (mean + 2 * error), slow > 0 ? left / slow : Double.POSITIVE_INFINITY));
    }

    /** The standard error of the mean pace: from the scatter between windows of equal length, else from the count. */
    private static double error(List<Sample> samples, Sample from, Sample last, double mean, double done) {
        List<Double> rates = new ArrayList<>();
        Sample before = from;
        for (int window = 1; window <= WINDOWS; window++) {
            Sample to = before(samples, from.seconds() + window * (last.seconds() - from.seconds()) / WINDOWS);
            if (to.seconds() > before.seconds()) {
                rates.add((to.done() - before.done()) / (to.seconds() - before.seconds()));
                before = to;
            }
        }
        double counting = mean / Math.sqrt(done);
        if (rates.size() < FEWEST_WINDOWS) {
            return counting;
        }
        double squares = rates.stream()
                .mapToDouble(rate -> (rate - mean) * (rate - mean))
                .sum();
        return Math.max(counting, Math.sqrt(squares / (rates.size() - 1) / rates.size()));
    }

    /** The last sample that is not after this time. */
    private static Sample before(List<Sample> samples, double seconds) {
        int at = Collections.binarySearch(samples.stream().map(Sample::seconds).toList(), seconds);
        int index = at >= 0 ? at : Math.max(0, -at - 2);
        return samples.get(index);
    }
}
