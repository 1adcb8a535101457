package org.astropool.examples.lightcurve;

import org.astropool.examples.lightcurve.BazinSearch.End;
import org.astropool.task.SkippedException;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;

/**
 * The best {@link BazinFunction} of a light curve by least squares.
 *
 * @param q (ln A, t0, ln tr, ln tf), times in days
 * @param chi2 sum of ((flux - f) / error)^2
 * @param covariance of q, (J'J)^-1 with J the Jacobian of f / error, 4 x 4
 */
record BazinFit(double[] q, double chi2, double[][] covariance) {
    static final Box BOX = new Box(
            new double[] {Double.NEGATIVE_INFINITY, -40, StrictMath.log(0.3), StrictMath.log(2)},
            new double[] {Double.POSITIVE_INFINITY, 60, StrictMath.log(30), StrictMath.log(200)});
    private static final String[] NAMES = {"ln A", "t0", "ln tr", "ln tf"};

    /** Of elements of a matrix that should be equal, and of pivots of one whose diagonal is 1. */
    private static final double SAME_WITHIN_ROUNDING = 1e-14;

    private static final double SINGULAR = 1e-12;

    /**
     * Fits a light curve.
     *
     * @throws SkippedException when the points do not cover the maximum, when the best fit is on a bound or has no
     *     maximum, or when the points do not determine it
     */
    static BazinFit of(FitPoints points) throws SkippedException {
        points.checkCoverage();
        End end = new BazinSearch(points, BOX)
                .best()
                .orElseThrow(() -> new SkippedException("not fitted: none of the starts leads to a minimum"));
        double[] q = end.q();
        int onBound = BOX.onBound(q);
        if (onBound >= 0) {
            throw new SkippedException("not fitted: at bound (" + NAMES[onBound] + " = " + q[onBound] + ")");
        }
        if (!new BazinFunction(q).hasPeak()) {
            throw new SkippedException("not fitted: at bound (it falls faster than it rises, so it has no maximum)");
        }
        if (!end.converged()) {
            throw new SkippedException("not fitted: chi2 still falls, slowly");
        }
        return new BazinFit(q, end.cost() * end.cost(), covariance(points, q));
    }

    private static double[][] covariance(FitPoints points, double[] q) throws SkippedException {
        double[][] jacobian = points.weightedJacobian(q, new double[points.size()]);
        double[] norms = unitColumns(jacobian);
        RealMatrix unit = new Array2DRowRealMatrix(jacobian, false);
        try {
            double[][] covariance = new CholeskyDecomposition(
                            unit.transposeMultiply(unit), SAME_WITHIN_ROUNDING, SINGULAR)
                    .getSolver()
                    .getInverse()
                    .getData();
            for (int k = 0; k < norms.length; k++) {
                for (int l = 0; l < norms.length; l++) {
                    covariance[k][l] /= norms[k] * norms[l];
                }
            }
            return covariance;
        } catch (MathIllegalArgumentException e) {
            throw new SkippedException("not fitted: the points do not determine all four parameters");
        }
    }

    /** Divides each column by its norm, so that what is singular does not depend on units. */
    private static double[] unitColumns(double[][] matrix) {
        double[] norms = new double[BazinFunction.PARAMETERS];
        for (double[] row : matrix) {
            for (int k = 0; k < norms.length; k++) {
                norms[k] += row[k] * row[k];
            }
        }
        for (int k = 0; k < norms.length; k++) {
            norms[k] = Math.sqrt(norms[k]);
        }
        for (double[] row : matrix) {
            for (int k = 0; k < norms.length; k++) {
                row[k] /= norms[k];
            }
        }
        return norms;
    }
}
