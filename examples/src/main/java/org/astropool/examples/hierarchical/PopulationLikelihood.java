package org.astropool.examples.hierarchical;

/**
 * The likelihood of a population, given a sample, with the latent M, x and c of each supernova integrated analytically:
 * each (mB, x, c) is drawn from a three-dimensional normal distribution about {@code (mu + M_B + dM [massive host] + a
 * x0 + b c0, x0, c0)} with covariance {@code C = Sigma + J diag(sigma_int^2, Rx^2, Rc^2) J'}, {@code J = [[1, a, b],
 * [0, 1, 0], [0, 0, 1]]}, Sigma being that of the measurement (March et al. 2011, MNRAS 418, 2308). Immutable and
 * thread-safe.
 */
final class PopulationLikelihood {
    private static final double LOG_TWO_PI = StrictMath.log(2 * Math.PI);
    /** Numbers a supernova in {@link #data}: mB, x, c, then Sigma. */
    private static final int STRIDE = 9;
    /** Determinants whose product is taken before its logarithm: 1e-10 each would not underflow. */
    private static final int DETERMINANTS = 16;

    private final int size;
    private final double[] data;
    private final boolean[] massive;

    PopulationLikelihood(Sample sample) {
        size = sample.size();
        data = new double[size * STRIDE];
        massive = sample.massive();
        for (int i = 0; i < size; i++) {
            System.arraycopy(sample.observed()[i], 0, data, i * STRIDE, 3);
            System.arraycopy(sample.covariances()[i], 0, data, i * STRIDE + 3, 6);
        }
    }

    /**
     * How well a population fits.
     *
     * @param logLikelihood with all constants
     * @param chi2 the sum of d'C^-1 d, d the deviation of (mB, x, c) from its mean
     * @param scatter standard deviation of {@code mB - mu - M - a x - b c}, in mag: the scatter about the Hubble line
     */
    record Fit(double logLikelihood, double chi2, double scatter) {

        /** A universe in which the supernovae have no distances, or a covariance that is none. */
        static final Fit IMPOSSIBLE =
                new Fit(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

        /** Parameters that are no numbers. */
        static final Fit UNKNOWN = new Fit(Double.NaN, Double.NaN, Double.NaN);
    }

    /** @param moduli distance moduli of the supernovae, in mag */
    Fit fit(double[] moduli, Population population) {
        double a = population.a();
        double b = population.b();
        double scatter2 = population.scatter() * population.scatter();
        double xWidth2 = population.xWidth() * population.xWidth();
        double cWidth2 = population.cWidth() * population.cWidth();
        double mm = scatter2 + a * a * xWidth2 + b * b * cWidth2;
        double mx = a * xWidth2;
        double mc = b * cWidth2;
        double chi2 = 0;
        double logDeterminants = 0;
        double product = 1;
        double sum = 0;
        double sumOfSquares = 0;
        for (int i = 0; i < size; i++) {
            int k = i * STRIDE;
            double brightness = data[k] - moduli[i] - population.magnitude(massive[i]);
            double x = data[k + 1] - population.xMean();
            double c = data[k + 2] - population.cMean();
            double m = brightness - a * population.xMean() - b * population.cMean();

            double c00 = data[k + 3] + mm;
            double c01 = data[k + 4] + mx;
            double c02 = data[k + 5] + mc;
            double c11 = data[k + 6] + xWidth2;
            double c12 = data[k + 7];
            double c22 = data[k + 8] + cWidth2;
            double adjugate00 = c11 * c22 - c12 * c12;
            double adjugate01 = c02 * c12 - c01 * c22;
            double adjugate02 = c01 * c12 - c02 * c11;
            double determinant = c00 * adjugate00 + c01 * adjugate01 + c02 * adjugate02;
            if (!(determinant > 0 && adjugate00 > 0 && c22 > 0)) { // Sylvester's criterion, from the last row up
                return Double.isNaN(determinant) ? Fit.UNKNOWN : Fit.IMPOSSIBLE;
            }
            double quadratic = adjugate00 * m * m
                    + (c00 * c22 - c02 * c02) * x * x
                    + (c00 * c11 - c01 * c01) * c * c
                    + 2 * (m * (adjugate01 * x + adjugate02 * c) + (c01 * c02 - c00 * c12) * x * c);
            chi2 += quadratic / determinant;
            product *= determinant;
            if (i % DETERMINANTS == DETERMINANTS - 1) {
                logDeterminants += StrictMath.log(product);
                product = 1;
            }
            double residual = m - a * x - b * c;
            sum += residual;
            sumOfSquares += residual * residual;
        }
        logDeterminants += StrictMath.log(product);
        double mean = sum / size;
        return new Fit(
                -(chi2 + logDeterminants + 3 * size * LOG_TWO_PI) / 2,
                chi2,
                Math.sqrt(Math.max(0, sumOfSquares / size - mean * mean)));
    }
}
