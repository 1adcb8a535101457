package org.astropool.examples.lightcurve;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.astropool.task.SkippedException;

/**
 * The part of a light curve that is fitted: for the function of Bazin from 20 days before to 25 days after the survey's
 * date of maximum, in the rest frame, where flux and error are above 0. The arrays have one element a point and are not
 * to be changed.
 *
 * @param times rest-frame days since the survey's date of maximum
 * @param fluxes FLUXCAL
 * @param errors standard deviations, with 3 % of the flux for what a four-parameter function cannot describe
 * @param lastDay the end of the window
 */
record FitPoints(double[] times, double[] fluxes, double[] errors, double lastDay) {
    private static final double FIRST_DAY = -20;
    private static final double LAST_DAY = 25;
    private static final double LAST_DAY_OF_A_PROCESS = 60;
    private static final double MODEL_ERROR = 0.03;

    private static final int FEWEST = 7;
    private static final double LATEST_FIRST = -2;
    private static final double EARLIEST_LAST = 10;

    static FitPoints of(ObservedSupernova supernova, LightCurve lightCurve) {
        return of(supernova, lightCurve, LAST_DAY, 0);
    }

    /** For a description without a fixed shape: to 60 days after the maximum, with fluxes of any sign. */
    static FitPoints toDay60(ObservedSupernova supernova, LightCurve lightCurve) {
        return of(supernova, lightCurve, LAST_DAY_OF_A_PROCESS, Double.NEGATIVE_INFINITY);
    }

    /** @param leastFlux exclusive */
    private static FitPoints of(ObservedSupernova supernova, LightCurve lightCurve, double lastDay, double leastFlux) {
        double[] times = Arrays.stream(lightCurve.dates())
                .map(date -> (date - supernova.peakDate()) / (1 + supernova.heliocentricRedshift()))
                .toArray();
        double[] errors = IntStream.range(0, times.length)
                .mapToDouble(i -> Math.sqrt(square(lightCurve.errors()[i])
                        + square(MODEL_ERROR * lightCurve.fluxes()[i])))
                .toArray();
        int[] usable = IntStream.range(0, times.length)
                .filter(i -> times[i] >= FIRST_DAY
                        && times[i] <= lastDay
                        && lightCurve.fluxes()[i] > leastFlux
                        && lightCurve.errors()[i] > 0)
                .toArray();
        return new FitPoints(times, lightCurve.fluxes(), errors, lastDay).at(usable);
    }

    private static double square(double x) {
        return x * x;
    }

    int size() {
        return times.length;
    }

    /** The day of the brightest point; there must be one. */
    double timeOfGreatestFlux() {
        int greatest = 0;
        for (int i = 1; i < fluxes.length; i++) {
            greatest = fluxes[i] > fluxes[greatest] ? i : greatest;
        }
        return times[greatest];
    }

    /**
     * The Jacobian by q of f / error, a row a point.
     *
     * @param values of the same length as the points, filled with f / error
     */
    double[][] weightedJacobian(double[] q, double[] values) {
        BazinFunction function = new BazinFunction(q);
        double[][] jacobian = new double[size()][BazinFunction.PARAMETERS];
        for (int i = 0; i < jacobian.length; i++) {
            double[] row = jacobian[i];
            values[i] = function.flux(times[i], row) / errors[i];
            for (int k = 0; k < row.length; k++) {
                row[k] *= values[i];
            }
        }
        return jacobian;
    }

    /** As many points, drawn with replacement (Efron 1979, doi:10.1214/aos/1176344552). */
    FitPoints resampled(RandomGenerator random) {
        return size() == 0 ? this : at(random.ints(size(), 0, size()).toArray());
    }

    private FitPoints at(int[] positions) {
        return new FitPoints(at(positions, times), at(positions, fluxes), at(positions, errors), lastDay);
    }

    private static double[] at(int[] positions, double[] values) {
        return Arrays.stream(positions).mapToDouble(i -> values[i]).toArray();
    }

    /** @throws SkippedException when there are too few points, or none before or none well after the maximum */
    void checkCoverage() throws SkippedException {
        if (size() < FEWEST) {
            throw new SkippedException(size() + " points from day " + (int) FIRST_DAY + " to " + (int) lastDay
                    + " with " + (lastDay == LAST_DAY ? "flux and error" : "an error") + " above 0, " + FEWEST
                    + " are needed");
        }
        double first = Arrays.stream(times).min().orElseThrow();
        if (!(first <= LATEST_FIRST)) {
            throw new SkippedException("the first point is at day " + rounded(first) + ", needed at "
                    + (int) LATEST_FIRST + " or earlier");
        }
        double last = Arrays.stream(times).max().orElseThrow();
        if (!(last >= EARLIEST_LAST)) {
            throw new SkippedException(
                    "the last point is at day " + rounded(last) + ", needed at " + (int) EARLIEST_LAST + " or later");
        }
    }

    private static double rounded(double day) {
        return Math.round(10 * day) / 10.0;
    }
}
