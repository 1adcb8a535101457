package org.astropool.examples.supernova;

import java.util.Arrays;

/**
 * The likelihood of a universe, given a Hubble diagram of which some supernovae belong to a second population.
 * Immutable and thread-safe.
 *
 * <p>With {@code r = m - mu - M}, s the error and q the probability of the second population: {@code ln L = sum ln[(1 -
 * q) N(r; 0, s^2) + q N(r; b, s^2 + sigma^2)]}. Hogg, Bovy &amp; Lang 2010 (arXiv:1008.4686), equation 17; Kunz,
 * Bassett &amp; Hlozek 2007 (Phys. Rev. D 75, 103508), where q is known for each supernova.
 */
final class MixtureLikelihood {
    private static final double HALF_LOG_2_PI = 0.5 * StrictMath.log(2 * Math.PI);

    private final double[] brightness;
    private final double[] errors;
    private final DistanceModuli moduli;

    /**
     * The second population.
     *
     * @param mean of m - mu - M, in mag
     * @param sigma its scatter in addition to the errors, in mag, at least 0
     */
    record Population(double mean, double sigma) {}

    /** @throws IllegalArgumentException when the errors are correlated: then the sum over supernovae does not hold */
    MixtureLikelihood(HubbleDiagram diagram) {
        if (!diagram.precision().isDiagonal()) {
            throw new IllegalArgumentException("a mixture needs independent errors");
        }
        brightness = diagram.brightness();
        errors = diagram.precision().errors();
        moduli = new DistanceModuli(diagram.cosmological(), diagram.heliocentric());
    }

    /** Number of supernovae. */
    int size() {
        return brightness.length;
    }

    /**
     * The log-likelihood; -infinity for a universe without distances to the supernovae.
     *
     * @param offset M, in mag, for H0 = 70 km/s/Mpc
     * @param fractions q of each supernova, from 0 to 1
     * @param outliers the second population
     * @param probabilities filled with the probability of each supernova to belong to it, given its brightness; NaN for
     *     a universe without distances
     */
    double logLikelihood(
            Expansion expansion, double offset, double[] fractions, Population outliers, double[] probabilities) {
        double[] mu = moduli.in(expansion).orElse(null);
        if (mu == null) {
            Arrays.fill(probabilities, Double.NaN);
            return Double.NEGATIVE_INFINITY;
        }
        double sum = 0;
        for (int i = 0; i < mu.length; i++) {
            double r = brightness[i] - mu[i] - offset;
            double spread = Math.hypot(errors[i], outliers.sigma());
            double inlier = Math.log1p(-fractions[i]) + logNormal(r, errors[i]);
            double outlier = Math.log(fractions[i]) + logNormal(r - outliers.mean(), spread);
            double larger = Math.max(inlier, outlier);
            double both = larger + Math.log1p(Math.exp(Math.min(inlier, outlier) - larger));
            probabilities[i] = Math.exp(outlier - both);
            sum += both;
        }
        return sum;
    }

    private static double logNormal(double deviation, double sigma) {
        double pull = deviation / sigma;
        return -0.5 * pull * pull - Math.log(sigma) - HALF_LOG_2_PI;
    }
}
