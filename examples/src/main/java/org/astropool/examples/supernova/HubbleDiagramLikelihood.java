package org.astropool.examples.supernova;

/**
 * The likelihood of a universe, given a Hubble diagram, with a constant offset of all magnitudes marginalised (flat
 * prior). Immutable and thread-safe.
 *
 * <p>With {@code Delta = m - mu} and P the inverse covariance, {@code offset = (1'P Delta) / (1'P 1)}, {@code r = Delta
 * - offset}, {@code chi2 = r'Pr}. Two passes on purpose: {@code Delta'P Delta - (1'P Delta)^2 / 1'P 1} subtracts
 * numbers of size 1e7.
 */
final class HubbleDiagramLikelihood {
    private final double[] brightness;
    private final PrecisionMatrix precision;
    private final double[] rowSums;
    private final DistanceModuli moduli;

    HubbleDiagramLikelihood(HubbleDiagram diagram) {
        brightness = diagram.brightness();
        precision = diagram.precision();
        rowSums = precision.rowSums();
        moduli = new DistanceModuli(diagram.cosmological(), diagram.heliocentric());
    }

    /**
     * How well a universe fits.
     *
     * @param chi2 r'Pr
     * @param offset mean of m - mu for H0 = 70 km/s/Mpc, in mag
     */
    record Fit(double chi2, double offset) {

        /** A universe in which the supernovae have no distances. */
        static final Fit IMPOSSIBLE = new Fit(Double.POSITIVE_INFINITY, Double.NaN);

        /** A universe with parameters that are no numbers. */
        static final Fit UNKNOWN = new Fit(Double.NaN, Double.NaN);

        double logLikelihood() {
            return -chi2 / 2;
        }
    }

    Fit fit(Expansion expansion) {
        return moduli.in(expansion).map(this::fit).orElse(Fit.IMPOSSIBLE);
    }

    private Fit fit(double[] moduli) {
        double[] residuals = new double[moduli.length];
        double weightedSum = 0;
        double weight = 0;
        for (int i = 0; i < residuals.length; i++) {
            residuals[i] = brightness[i] - moduli[i];
            weightedSum += rowSums[i] * residuals[i];
            weight += rowSums[i];
        }
        double offset = weightedSum / weight;
        for (int i = 0; i < residuals.length; i++) {
            residuals[i] -= offset;
        }
        return new Fit(precision.quadraticForm(residuals), offset);
    }
}
