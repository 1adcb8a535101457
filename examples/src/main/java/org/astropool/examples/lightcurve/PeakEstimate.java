package org.astropool.examples.lightcurve;

import java.util.Objects;
import org.astropool.task.SkippedException;

/**
 * What the maximum of a fitted light curve is like.
 *
 * @param time of maximum, rest-frame days since the survey's date of maximum
 * @param magnitude at maximum, 27.5 - 2.5 log10 f
 * @param dm15 by how many magnitudes it has declined 15 days later (Phillips 1993, ApJ 413, L105)
 * @param covariance of (time, magnitude, dm15), 3 x 3, by linear propagation
 */
public record PeakEstimate(double time, double magnitude, double dm15, double[][] covariance) {
    private static final double ZERO_POINT = 27.5;
    private static final double MAG_PER_E_FOLD = -2.5 / StrictMath.log(10);
    private static final double DECLINE_DAYS = 15;

    /**
     * Of the light curve of a supernova in a band, which must have been observed.
     *
     * @throws SkippedException when the points do not cover the maximum, or the function of Bazin does not describe
     *     them
     */
    public static PeakEstimate of(ObservedSupernova supernova, String band) throws SkippedException {
        LightCurve lightCurve = Objects.requireNonNull(supernova.lightCurves().get(band), band);
        return of(BazinFit.of(FitPoints.of(supernova, lightCurve)));
    }

    static PeakEstimate of(BazinFit fit) {
        BazinFunction function = new BazinFunction(fit.q());
        double time = function.peakTime();
        double[] timeGradient = function.peakTimeGradient();
        double[] magnitudeGradient = magnitudeGradient(function, time, timeGradient);
        double[] dm15Gradient = magnitudeGradient(function, time + DECLINE_DAYS, timeGradient);
        for (int k = 0; k < dm15Gradient.length; k++) {
            dm15Gradient[k] -= magnitudeGradient[k];
        }
        double magnitude = magnitude(function, time);
        return new PeakEstimate(
                time,
                magnitude,
                magnitude(function, time + DECLINE_DAYS) - magnitude,
                propagated(new double[][] {timeGradient, magnitudeGradient, dm15Gradient}, fit.covariance()));
    }

    private static double magnitude(BazinFunction function, double t) {
        return ZERO_POINT + MAG_PER_E_FOLD * function.logFlux(t);
    }

    /** By q, of the magnitude at a time that keeps its distance from the maximum. */
    private static double[] magnitudeGradient(BazinFunction function, double t, double[] timeGradient) {
        double[] gradient = new double[BazinFunction.PARAMETERS];
        function.flux(t, gradient);
        double slope = -gradient[BazinFunction.T0]; // by t, since f depends on t - t0
        for (int k = 0; k < gradient.length; k++) {
            gradient[k] = MAG_PER_E_FOLD * (gradient[k] + slope * timeGradient[k]);
        }
        return gradient;
    }

    private static double[][] propagated(double[][] gradients, double[][] covariance) {
        double[][] result = new double[gradients.length][gradients.length];
        for (int a = 0; a < gradients.length; a++) {
            for (int b = 0; b < gradients.length; b++) {
                for (int k = 0; k < covariance.length; k++) {
                    for (int l = 0; l < covariance.length; l++) {
                        result[a][b] += gradients[a][k] * covariance[k][l] * gradients[b][l];
                    }
                }
            }
        }
        return result;
    }
}
