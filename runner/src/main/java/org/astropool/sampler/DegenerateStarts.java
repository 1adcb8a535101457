package org.astropool.sampler;

/**
 * Refuses given positions that lie in a plane (a line, a point): all moves are along differences of walkers, so an
 * ensemble never leaves the plane in which it begins.
 */
final class DegenerateStarts {
    /** The smallest part of a parameter that is independent of the others, relative to its own scatter. */
    private static final double SMALLEST_SHARE = 1e-10;

    private DegenerateStarts() {}

    /** Gram-Schmidt on the parameters as vectors over walkers, minus their means. */
    static void refuse(JointPrior prior, double[][] positions) {
        int dimensions = prior.dimensions();
        double[][] columns = new double[dimensions][];
        for (int i = 0; i < dimensions; i++) {
            columns[i] = deviations(positions, i);
            double before = Math.sqrt(dot(columns[i], columns[i]));
            if (before == 0) {
                throw new IllegalArgumentException("all walkers start at the same "
                        + prior.names().get(i) + ", " + positions[0][i] + ", and would never leave it; spread them");
            }
            for (int pass = 0; pass < 2; pass++) { // two passes are enough against rounding
                for (int j = 0; j < i; j++) {
                    subtract(columns[i], columns[j], dot(columns[i], columns[j]));
                }
            }
            double after = Math.sqrt(dot(columns[i], columns[i]));
            if (after < SMALLEST_SHARE * before) {
                throw new IllegalArgumentException(
                        "at the given starts " + prior.names().get(i)
                                + " is a linear function of the parameters before it, and would always be one;"
                                + " spread them");
            }
            subtract(columns[i], columns[i], 1 - 1 / after);
        }
    }

    private static double[] deviations(double[][] positions, int parameter) {
        double[] column = new double[positions.length];
        double mean = 0;
        for (double[] position : positions) {
            mean += position[parameter] / positions.length;
        }
        boolean same = true;
        for (int walker = 0; walker < column.length; walker++) {
            column[walker] = positions[walker][parameter] - mean;
            same &= positions[walker][parameter] == positions[0][parameter];
        }
        return same ? new double[column.length] : column; // the mean is rounded
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void subtract(double[] from, double[] what, double factor) {
        for (int i = 0; i < from.length; i++) {
            from[i] -= factor * what[i];
        }
    }
}
