package org.astropool.internal.page;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.PointStatus;

/** Evenly chosen points of a result, and statistics of numbers. Stateless. */
final class Sampling {
    private Sampling() {}

    /** At most this many of the points that have an outcome, evenly chosen in the order of their numbers. */
    static int[] withOutcome(EvaluationResult result, int most) {
        return evenly(points(result, false), most);
    }

    /** At most this many of the points that are ok. */
    static int[] ok(EvaluationResult result, int most) {
        return evenly(points(result, true), most);
    }

    private static int[] points(EvaluationResult result, boolean onlyOk) {
        return IntStream.range(0, result.points())
                .filter(point -> onlyOk ? result.isOk(point) : result.status(point) != PointStatus.MISSING)
                .toArray();
    }

    static int[] evenly(int[] points, int most) {
        if (points.length <= most) {
            return points;
        }
        return IntStream.range(0, most)
                .map(i -> points[(int) ((long) i * points.length / most)])
                .toArray();
    }

    /** @param sorted ascending, not empty */
    static double quantile(double[] sorted, double p) {
        double place = p * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    static double[] sortedFinite(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    }

    /** Ranks from 0; equal values have the mean of their ranks. */
    static double[] ranks(double[] values) {
        Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, (a, b) -> Double.compare(values[a], values[b]));
        double[] ranks = new double[values.length];
        for (int begin = 0; begin < order.length; ) {
            int end = begin;
            while (end < order.length && values[order[end]] == values[order[begin]]) {
                end++;
            }
            end = Math.max(end, begin + 1); // NaN is not equal to itself
            for (int i = begin; i < end; i++) {
                ranks[order[i]] = (begin + end - 1) / 2.0;
            }
            begin = end;
        }
        return ranks;
    }

    /** Pearson's correlation; NaN when one of them does not vary. */
    static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElse(Double.NaN);
        double meanB = Arrays.stream(b).average().orElse(Double.NaN);
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : Double.NaN;
    }
}
