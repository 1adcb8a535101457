package org.astropool.examples.lightcurve;

import java.util.Arrays;
import java.util.List;
import org.astropool.examples.lightcurve.GaussianProcess.At;
import org.astropool.examples.lightcurve.ProcessFit.Choice;
import org.astropool.task.SkippedException;

/** What the maximum of a light curve is like, by a {@link GaussianProcess}. Stateless. */
final class ProcessPeak {
    private static final double ZERO_POINT = 27.5;
    private static final double MAG_PER_E_FOLD = -2.5 / StrictMath.log(10);
    private static final double DECLINE_DAYS = 15;
    private static final double SCAN_DAYS = 0.25;
    private static final int BISECTIONS = 60;
    private static final int QUANTITIES = 3;
    private static final double NEGLIGIBLE = 1e-6;
    private static final double MOST_OF_THEM = 0.9;

    private ProcessPeak() {}

    /**
     * The mean of the estimates by several choices of hyperparameters; the covariance has the scatter between them.
     * Choices without a maximum are left out, if together they are at most a tenth of the posterior.
     *
     * @throws SkippedException when the light curve has no maximum between its first and last point, or is not above 0
     *     there
     */
    static PeakEstimate of(FitPoints points, List<Choice> choices) throws SkippedException {
        double[] mean = new double[QUANTITIES];
        double[][] covariance = new double[QUANTITIES][QUANTITIES];
        double total = 0;
        SkippedException without = null;
        for (Choice choice : choices) {
            if (choice.weight() < NEGLIGIBLE) {
                continue;
            }
            PeakEstimate one;
            try {
                one = of(points, new GaussianProcess(points, choice.logAmplitude(), choice.logScale()));
            } catch (SkippedException e) {
                without = e;
                continue;
            }
            double[] values = {one.time(), one.magnitude(), one.dm15()};
            total += choice.weight();
            for (int k = 0; k < QUANTITIES; k++) {
                mean[k] += choice.weight() * values[k];
                for (int l = 0; l < QUANTITIES; l++) {
                    covariance[k][l] += choice.weight() * (one.covariance()[k][l] + values[k] * values[l]);
                }
            }
        }
        if (without != null && total < MOST_OF_THEM) {
            throw without;
        }
        for (int k = 0; k < QUANTITIES; k++) {
            mean[k] /= total;
        }
        for (int k = 0; k < QUANTITIES; k++) {
            for (int l = 0; l < QUANTITIES; l++) {
                covariance[k][l] = covariance[k][l] / total - mean[k] * mean[l];
            }
        }
        return new PeakEstimate(mean[0], mean[1], mean[2], covariance);
    }

    static PeakEstimate of(FitPoints points, GaussianProcess process) throws SkippedException {
        double time = peakTime(points, process);
        double later = time + DECLINE_DAYS;
        double peak = process.mean(time);
        double declined = process.mean(later);
        double curvature = process.curvature(time);
        if (!(peak > 0 && declined > 0)) {
            throw new SkippedException("not fitted: the flux at maximum or 15 days later is not above 0");
        }
        if (!(curvature < 0)) {
            throw new SkippedException("not fitted: no maximum, the light curve is flat there");
        }
        double[][] flux = process.covariance(new At(time, false), new At(later, false), new At(time, true));
        // By (flux at maximum, flux 15 days later, slope at maximum); the slope moves the maximum in time.
        double moved = -1 / curvature;
        double[] timeGradient = {0, 0, moved};
        double[] magnitudeGradient = {MAG_PER_E_FOLD / peak, 0, 0};
        double[] dm15Gradient = {
            -MAG_PER_E_FOLD / peak, MAG_PER_E_FOLD / declined, MAG_PER_E_FOLD * process.slope(later) / declined * moved
        };
        double[][] gradients = {timeGradient, magnitudeGradient, dm15Gradient};
        double[][] covariance = new double[QUANTITIES][QUANTITIES];
        for (int a = 0; a < QUANTITIES; a++) {
            for (int b = 0; b < QUANTITIES; b++) {
                for (int k = 0; k < QUANTITIES; k++) {
                    for (int l = 0; l < QUANTITIES; l++) {
                        covariance[a][b] += gradients[a][k] * flux[k][l] * gradients[b][l];
                    }
                }
            }
        }
        double magnitude = magnitude(peak);
        return new PeakEstimate(time, magnitude, magnitude(declined) - magnitude, covariance);
    }

    private static double magnitude(double flux) {
        return ZERO_POINT + MAG_PER_E_FOLD * StrictMath.log(flux);
    }

    private static double peakTime(FitPoints points, GaussianProcess process) throws SkippedException {
        double first = Arrays.stream(points.times()).min().orElseThrow();
        double last = Arrays.stream(points.times()).max().orElseThrow();
        int steps = (int) Math.ceil((last - first) / SCAN_DAYS);
        int greatest = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int step = 0; step <= steps; step++) {
            double mean = process.mean(first + step * SCAN_DAYS);
            if (mean > most) {
                most = mean;
                greatest = step;
            }
        }
        if (greatest == 0 || greatest == steps) {
            throw new SkippedException("not fitted: the maximum is not between the first and the last point");
        }
        double low = first + (greatest - 1) * SCAN_DAYS;
        double high = first + (greatest + 1) * SCAN_DAYS;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (process.slope(middle) > 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }
}
