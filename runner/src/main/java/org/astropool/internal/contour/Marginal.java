package org.astropool.internal.contour;

/**
 * A density of one parameter, linear between its nodes. Immutable, if the arrays are left alone.
 *
 * @param x of the nodes, at least two, ascending
 * @param values at the nodes: finite and at least 0, or NaN where it is not known
 */
public record Marginal(double[] x, double[] values) {
    public Marginal {
        Density.checkAxis("x", x);
        if (values.length != x.length) {
            throw new IllegalArgumentException(values.length + " values for " + x.length + " values of x");
        }
    }

    /** As {@link Density#ofLog}. */
    public static Marginal ofLog(double[] x, double[] logValues, int cells) {
        Density.checkAxis("x", x);
        LogInterpolation interpolation = new LogInterpolation(x, cells);
        double[] values = interpolation.apply(logValues);
        double highest = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            highest = value > highest ? value : highest;
        }
        LogInterpolation.exp(values, highest);
        return new Marginal(interpolation.nodes(), values);
    }

    /** The integral of the density. */
    public double mass() {
        double mass = 0;
        for (int i = 1; i < x.length; i++) {
            double part = (values[i] + values[i - 1]) / 2 * (x[i] - x[i - 1]);
            mass += Double.isNaN(part) ? 0 : part;
        }
        return mass;
    }

    /** The highest value; 0 when none is known. */
    public double highest() {
        double highest = 0;
        for (double value : values) {
            highest = value > highest ? value : highest;
        }
        return highest;
    }
}
