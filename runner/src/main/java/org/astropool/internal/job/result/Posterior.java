package org.astropool.internal.job.result;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.astropool.task.Axis;
import org.astropool.task.Grid;

/**
 * Bayes' theorem on a grid. The weight of a point is its prior times the widths of its cell along uneven axes; its
 * posterior is p = weight * exp(logL - max logL). All sums are simple and run in the order of the index, so that they
 * do not depend on the order in which points were evaluated.
 */
final class Posterior {
    private final EvaluationResult result;
    private final Grid grid;
    private final double[][] cellWidths;
    private final double highest;

    /** @param result of a grid, with the output log_likelihood */
    Posterior(EvaluationResult result) {
        this.result = result;
        this.grid = (Grid) result.spec().points();
        this.cellWidths = grid.axes().stream().map(Posterior::cellWidths).toArray(double[][]::new);
        this.highest = result.best().map(BestFit::logLikelihood).orElse(Double.NEGATIVE_INFINITY);
    }

    /** By name, in the order of the axes; empty when no point has a likelihood and a prior above 0. */
    Map<String, Marginal> marginals() {
        int axes = cellWidths.length;
        double[] moments = new double[axes];
        double total = sum((point, p) -> {
            for (int a = 0; a < axes; a++) {
                moments[a] += p * point[a];
            }
        });
        if (!(total > 0)) {
            return Map.of();
        }
        double[] means = Arrays.stream(moments).map(moment -> moment / total).toArray();
        double[] squares = new double[axes];
        sum((point, p) -> {
            for (int a = 0; a < axes; a++) {
                squares[a] += p * (point[a] - means[a]) * (point[a] - means[a]);
            }
        });
        Map<String, Marginal> marginals = new LinkedHashMap<>();
        for (int a = 0; a < axes; a++) {
            marginals.put(grid.axes().get(a).name(), new Marginal(means[a], Math.sqrt(squares[a] / total)));
        }
        return marginals;
    }

    /** ln of the mean of exp(logL), weighted by prior and cell widths. */
    OptionalDouble logEvidence() {
        double likelihoods = sum((point, p) -> {});
        double weights = 0;
        for (int i = 0; i < result.points(); i++) {
            weights += result.isOk(i) ? weight(i) : 0;
        }
        return likelihoods > 0 ? OptionalDouble.of(highest + Math.log(likelihoods / weights)) : OptionalDouble.empty();
    }

    private interface PointUse {
        void accept(double[] point, double posterior);
    }

    /** Visits the points that have a likelihood, and returns the sum of p. */
    private double sum(PointUse use) {
        double[] point = new double[cellWidths.length];
        double total = 0;
        for (int i = 0; i < result.points(); i++) {
            if (result.isOk(i) && result.logLikelihood(i) > Double.NEGATIVE_INFINITY) {
                grid.point(i, point);
                double p = weight(i) * Math.exp(result.logLikelihood(i) - highest);
                total += p;
                use.accept(point, p);
            }
        }
        return total;
    }

    private double weight(int index) {
        double weight = Math.exp(result.logPrior(index));
        int rest = index;
        for (int a = cellWidths.length - 1; a >= 0; a--) {
            int count = cellWidths[a].length;
            weight *= cellWidths[a][rest % count];
            rest /= count;
        }
        return weight;
    }

    /**
     * The width of the cell of each value: half the distance to each neighbour; the outer half of a cell at the end is
     * as wide as its inner half, so that evenly spaced values have the same weight however the axis was given. The
     * widths are divided by a power of two near their middle, so that products of the widths of several axes stay in
     * the range of doubles.
     */
    static double[] cellWidths(Axis axis) {
        double[] values = axis.values();
        int count = values.length;
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] widths = new double[count];
        Arrays.fill(widths, 1);
        if (axis.spacing() == Axis.Spacing.LINEAR || count == 1) {
            return widths;
        }
        int least = Double.MAX_EXPONENT;
        int most = Double.MIN_EXPONENT;
        for (int i = 1; i < count; i++) {
            int exponent = Math.getExponent(sorted[i] - sorted[i - 1]);
            least = Math.min(least, exponent);
            most = Math.max(most, exponent);
        }
        int middle = (least + most) / 2;
        for (int i = 0; i < count; i++) {
            int at = Arrays.binarySearch(sorted, values[i]);
            double below = at > 0 ? distance(sorted, at - 1, middle) : distance(sorted, 0, middle);
            double above = at < count - 1 ? distance(sorted, at, middle) : distance(sorted, at - 1, middle);
            widths[i] = (below + above) / 2;
        }
        return widths;
    }

    private static double distance(double[] sorted, int from, int exponent) {
        double distance = sorted[from + 1] - sorted[from];
        return Double.isFinite(distance)
                ? Math.scalb(distance, -exponent)
                : Math.scalb(sorted[from + 1] / 2 - sorted[from] / 2, 1 - exponent);
    }
}
