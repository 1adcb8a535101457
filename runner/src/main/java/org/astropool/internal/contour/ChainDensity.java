package org.astropool.internal.contour;

/**
 * Densities of weighted samples, by Gaussian kernels.
 *
 * <p>The kernel has the shape of the covariance C of the samples. Its width is that of Scott (1992, Multivariate
 * Density Estimation, eq. 6.42), h = n^(-1/(4 + d)) sigma times a constant, multiplied by the (4 + d)-th root of the
 * ratio of the integrated squared second derivative of a Gaussian to that of a first estimate of the density (the
 * plug-in rule of Sheather and Jones 1991, J. R. Stat. Soc. B 53, 683): so two narrow peaks are not made one. Near an
 * edge of a parameter the estimate is divided by the part of the kernel that lies inside. A kernel widens a peak by
 * h^2; the multiplicative correction of Jones, Linton and Nielsen (1995, Biometrika 82, 327), f(x) sum K(x - x_i) /
 * f(x_i), removes that to the next order, as in GetDist (Lewis 2019, arXiv:1910.13970, section on bias correction).
 *
 * <p>The samples are first distributed linearly over the nodes of a fine grid.
 */
public final class ChainDensity {
    private static final int PILOTS = 4;

    /** A pilot is a little smoother than the estimate: its second derivative has more noise. */
    private static final double PILOT = 1.2;

    private static final double NARROWEST = 0.1;
    private static final double WIDEST = 1.2;

    private ChainDensity() {}

    /**
     * The density of one parameter, normalised.
     *
     * @param weights of the samples, at least 0
     * @param effective how many independent samples they are worth
     * @throws IllegalArgumentException when all samples have the same value, or there is none
     */
    public static Marginal marginal(double[] samples, double[] weights, double effective, Edges edges) {
        double sigma = Math.sqrt(Moments.of(samples, samples, weights).xx());
        checkVaries(sigma);
        // The constant is (4 / 3)^(1/5), for which the mean integrated squared error of a Gaussian is least.
        double scott = 1.06 * sigma * Math.pow(Math.max(effective, 2), -1.0 / 5);
        SampleRange range = SampleRange.of(samples, weights, edges, 4 * scott, sigma / 4, 256, 2048);
        LineSmoother smoother = new LineSmoother(range);
        double[] masses = smoother.masses(samples, weights);
        double gaussian = 3 / (8 * Math.sqrt(Math.PI) * Math.pow(sigma, 5));
        double factor = 1;
        for (int i = 0; i < PILOTS; i++) {
            double roughness = smoother.roughness(smoother.smooth(masses, factor * PILOT * scott));
            factor = within(Math.pow(gaussian / roughness, 1.0 / 5));
        }
        double[] first = smoother.smooth(masses, factor * scott);
        double[] corrected = smoother.smooth(ratio(masses, first), factor * scott);
        return new Marginal(
                range.axis(), normalised(product(first, corrected), smoother.sum(product(first, corrected))));
    }

    /**
     * The density of two parameters, normalised.
     *
     * @param weights of the samples, at least 0
     * @param effective how many independent samples they are worth
     * @throws IllegalArgumentException when the samples have no extent in one direction
     */
    public static Density density(
            double[] x, double[] y, double[] weights, double effective, Edges xEdges, Edges yEdges) {
        Moments moments = Moments.of(x, y, weights);
        checkVaries(moments.xx());
        checkVaries(moments.yy());
        double independent = 1 - moments.xy() / moments.xx() * moments.xy() / moments.yy();
        checkVaries(independent > 1e-6 ? independent : 0);
        double scott = Math.pow(Math.max(effective, 2), -1.0 / 6);
        double xSigma = Math.sqrt(moments.xx());
        double ySigma = Math.sqrt(moments.yy());
        double across = Math.sqrt(independent);
        SampleRange xRange = SampleRange.of(x, weights, xEdges, 4 * scott * xSigma, across * xSigma, 128, 400);
        SampleRange yRange = SampleRange.of(y, weights, yEdges, 4 * scott * ySigma, across * ySigma, 128, 400);
        PlaneSmoother smoother = new PlaneSmoother(xRange, yRange, moments);
        double[] masses = smoother.masses(x, y, weights);
        double gaussian = 1 / (2 * Math.PI * xSigma * ySigma * across);
        double factor = 1;
        for (int i = 0; i < PILOTS; i++) {
            double roughness = smoother.roughness(smoother.smooth(masses, factor * PILOT * scott));
            factor = within(Math.pow(gaussian / roughness, 1.0 / 6));
        }
        double[] first = smoother.smooth(masses, factor * scott);
        double[] corrected = smoother.smooth(ratio(masses, first), factor * scott);
        double[] density = product(first, corrected);
        return new Density(xRange.axis(), yRange.axis(), smoother.rows(normalised(density, smoother.sum(density))));
    }

    private static double within(double factor) {
        return Math.max(NARROWEST, Math.min(WIDEST, factor));
    }

    private static void checkVaries(double extent) {
        if (!(extent > 0)) {
            throw new IllegalArgumentException("the samples have no extent");
        }
    }

    private static double[] ratio(double[] masses, double[] density) {
        double[] ratio = new double[masses.length];
        for (int i = 0; i < masses.length; i++) {
            ratio[i] = masses[i] > 0 && density[i] > 0 ? masses[i] / density[i] : 0;
        }
        return ratio;
    }

    private static double[] product(double[] one, double[] other) {
        double[] product = new double[one.length];
        for (int i = 0; i < one.length; i++) {
            product[i] = one[i] * other[i];
        }
        return product;
    }

    private static double[] normalised(double[] density, double sum) {
        double[] normalised = new double[density.length];
        for (int i = 0; i < density.length; i++) {
            normalised[i] = density[i] / sum;
        }
        return normalised;
    }
}
