package org.astropool.examples.hierarchical;

import java.util.Arrays;

/**
 * The relation of Tripp (1998, A&amp;A 331, 815) fitted without a population: residuals {@code r = mB - mu - M - a x -
 * b c} with the propagated variance {@code var = mm + a^2 xx + b^2 cc - 2 a mx - 2 b mc + 2 a b xc}, the statistical
 * part of Betoule et al. 2014 (A&amp;A 568, A22). Immutable and thread-safe.
 */
final class TrippLikelihood {
    private static final double TWO_PI = 2 * Math.PI;

    private final Sample sample;

    TrippLikelihood(Sample sample) {
        this.sample = sample;
    }

    /**
     * How well a relation fits.
     *
     * @param chi2 the sum of r^2 / var
     * @param logDeterminant the sum of ln(2 pi var)
     * @param scatter standard deviation of r, in mag
     */
    record Fit(double chi2, double logDeterminant, double scatter) {}

    /** With the intrinsic scatter that the authors of the sample assumed. */
    Fit fit(double[] moduli, double a, double b, double magnitude, double massStep) {
        return fit(moduli, a, b, magnitude, massStep, sample.coherentVariances());
    }

    /** @param scatter the intrinsic scatter, in mag */
    Fit fit(double[] moduli, double a, double b, double magnitude, double massStep, double scatter) {
        double[] variances = new double[sample.size()];
        Arrays.fill(variances, scatter * scatter);
        return fit(moduli, a, b, magnitude, massStep, variances);
    }

    private Fit fit(
            double[] moduli, double a, double b, double magnitude, double massStep, double[] intrinsicVariances) {
        double chi2 = 0;
        double logDeterminant = 0;
        double sum = 0;
        double sumOfSquares = 0;
        for (int i = 0; i < moduli.length; i++) {
            double[] observed = sample.observed()[i];
            double[] s = sample.covariances()[i];
            double variance = intrinsicVariances[i]
                    + s[Sample.MM]
                    + a * a * s[Sample.XX]
                    + b * b * s[Sample.CC]
                    - 2 * a * s[Sample.MX]
                    - 2 * b * s[Sample.MC]
                    + 2 * a * b * s[Sample.XC];
            double mean = sample.massive()[i] ? magnitude + massStep : magnitude;
            double residual = observed[0] - moduli[i] - mean - a * observed[1] - b * observed[2];
            chi2 += residual * residual / variance;
            logDeterminant += StrictMath.log(TWO_PI * variance);
            sum += residual;
            sumOfSquares += residual * residual;
        }
        double mean = sum / moduli.length;
        return new Fit(chi2, logDeterminant, Math.sqrt(Math.max(0, sumOfSquares / moduli.length - mean * mean)));
    }
}
