package org.astropool.internal.contour;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The logarithm of a density on a grid of any number of axes, to be integrated over all but one or two of them.
 *
 * <p>The integral is a sum over the grid with the widths of the cells as weights, computed as the logarithm of a sum of
 * exponentials relative to the largest, so that it neither overflows nor vanishes. A point whose density is not known
 * (NaN) is left out of the sum; a sum of nothing else is not known.
 */
public final class LogGrid {
    private final double[][] axes;
    private final double[][] logWidths;
    private final double[] logValues;

    /**
     * A grid.
     *
     * @param axes values of each axis, in any order
     * @param logValues up to a constant, the last axis varies fastest; -infinity for 0, NaN where it is not known
     */
    public LogGrid(double[][] axes, double[] logValues) {
        long size = 1;
        for (double[] axis : axes) {
            size *= axis.length;
        }
        if (size != logValues.length) {
            throw new IllegalArgumentException(logValues.length + " values on a grid of " + size + " points");
        }
        this.axes = axes.clone();
        this.logValues = logValues.clone();
        for (int a = 0; a < axes.length; a++) {
            sort(a);
        }
        this.logWidths = Arrays.stream(this.axes).map(LogGrid::logWidths).toArray(double[][]::new);
    }

    private void sort(int axis) {
        double[] values = axes[axis];
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(i -> i)
                .toArray();
        if (IntStream.range(0, order.length).allMatch(i -> order[i] == i)) {
            return;
        }
        axes[axis] = Arrays.stream(order).mapToDouble(i -> values[i]).toArray();
        int stride = stride(axis);
        double[] unsorted = logValues.clone();
        for (int i = 0; i < logValues.length; i++) {
            int at = i / stride % order.length;
            logValues[i] = unsorted[i + (order[at] - at) * stride];
        }
    }

    private int stride(int axis) {
        int stride = 1;
        for (int a = axis + 1; a < axes.length; a++) {
            stride *= axes[a].length;
        }
        return stride;
    }

    /** Half the distance to each neighbour; the outer half of a cell at the end is as wide as its inner half. */
    private static double[] logWidths(double[] axis) {
        double[] logs = new double[axis.length];
        for (int i = 0; i < axis.length && axis.length > 1; i++) {
            double below = i > 0 ? axis[i] - axis[i - 1] : axis[1] - axis[0];
            double above = i < axis.length - 1 ? axis[i + 1] - axis[i] : below;
            logs[i] = Math.log((below + above) / 2);
        }
        return logs;
    }

    /**
     * The density of one parameter.
     *
     * @param cells as for {@link Marginal#ofLog}
     * @throws IllegalArgumentException when the axis has one value only
     */
    public Marginal marginal(int axis, int cells) {
        return Marginal.ofLog(axes[axis], sums(axis, -1)[0], cells);
    }

    /**
     * The density of two parameters.
     *
     * @param cells as for {@link Density#ofLog}
     * @throws IllegalArgumentException when an axis has one value only
     */
    public Density density(int xAxis, int yAxis, int cells) {
        if (xAxis == yAxis) {
            throw new IllegalArgumentException("the two axes are the same");
        }
        double[][] sums = sums(yAxis, xAxis);
        return Density.ofLog(axes[xAxis], axes[yAxis], sums, cells);
    }

    /** Logarithms of the sums by [slow][fast]; without a slow axis there is one row. */
    private double[][] sums(int fast, int slow) {
        int rows = slow < 0 ? 1 : axes[slow].length;
        double[][] highest = new double[rows][axes[fast].length];
        double[][] sums = new double[rows][axes[fast].length];
        for (double[] row : highest) {
            Arrays.fill(row, Double.NaN);
        }
        for (int pass = 0; pass < 2; pass++) {
            int[] at = new int[axes.length];
            for (double value : logValues) {
                double weighted = value + logWeight(at, fast, slow);
                int row = slow < 0 ? 0 : at[slow];
                double most = highest[row][at[fast]];
                if (pass == 0) {
                    highest[row][at[fast]] = weighted <= most || Double.isNaN(weighted) ? most : weighted;
                } else if (weighted > Double.NEGATIVE_INFINITY) {
                    sums[row][at[fast]] += Math.exp(weighted - most);
                }
                advance(at);
            }
        }
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < sums[i].length; j++) {
                double most = highest[i][j];
                sums[i][j] = Double.isFinite(most) ? most + Math.log(sums[i][j]) : most;
            }
        }
        return sums;
    }

    private double logWeight(int[] at, int fast, int slow) {
        double weight = 0;
        for (int a = 0; a < at.length; a++) {
            if (a != fast && a != slow) {
                weight += logWidths[a][at[a]];
            }
        }
        return weight;
    }

    private void advance(int[] at) {
        for (int a = at.length - 1; a >= 0; a--) {
            at[a]++;
            if (at[a] < axes[a].length) {
                return;
            }
            at[a] = 0;
        }
    }
}
