package org.astropool.examples.lightcurve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.astropool.task.SkippedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BazinFitTest {
    private static final double[] TRUTH = {10.3, -3.6, 1.1, 2.2};

    @Test
    void lightCurveWithoutNoiseGivesItsParameters() throws SkippedException {
        BazinFit fit = BazinFit.of(points(TRUTH, days(-12, 2, 16)));

        assertThat(fit.q()).containsExactly(TRUTH, within(1e-6));
        assertThat(fit.chi2()).isCloseTo(0, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void deviationsOfNoisyFitsAreThoseOfTheCovariance(long seed) throws SkippedException {
        Random random = new Random(seed);
        FitPoints exact = points(TRUTH, days(-12, 1, 33));
        int fits = 100;
        double sum = 0;
        double dm15 = PeakEstimate.of(BazinFit.of(exact)).dm15();
        for (int i = 0; i < fits; i++) {
            double[] noisy = exact.fluxes().clone();
            Arrays.setAll(noisy, k -> noisy[k] + exact.errors()[k] * random.nextGaussian());
            PeakEstimate peak = PeakEstimate.of(BazinFit.of(new FitPoints(exact.times(), noisy, exact.errors(), 25)));
            double deviation = peak.dm15() - dm15;
            sum += deviation * deviation / peak.covariance()[2][2];
        }

        // chi2 of 100 degrees of freedom has a deviation of 14
        assertThat(sum).as("seed %d", seed).isCloseTo(fits, within(5 * 14.0));
    }

    @Test
    void errorsOfThePeakAreLinearPropagation() throws SkippedException {
        BazinFit fit = BazinFit.of(points(TRUTH, days(-12, 2, 16)));
        PeakEstimate peak = PeakEstimate.of(fit);
        double[][] gradients = new double[3][BazinFunction.PARAMETERS];
        double step = 1e-6;
        for (int k = 0; k < BazinFunction.PARAMETERS; k++) {
            double[] above = fit.q().clone();
            double[] below = fit.q().clone();
            above[k] += step;
            below[k] -= step;
            PeakEstimate high = PeakEstimate.of(new BazinFit(above, 0, fit.covariance()));
            PeakEstimate low = PeakEstimate.of(new BazinFit(below, 0, fit.covariance()));
            gradients[0][k] = (high.time() - low.time()) / (2 * step);
            gradients[1][k] = (high.magnitude() - low.magnitude()) / (2 * step);
            gradients[2][k] = (high.dm15() - low.dm15()) / (2 * step);
        }

        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                double expected = 0;
                for (int k = 0; k < BazinFunction.PARAMETERS; k++) {
                    for (int l = 0; l < BazinFunction.PARAMETERS; l++) {
                        expected += gradients[a][k] * fit.covariance()[k][l] * gradients[b][l];
                    }
                }
                assertThat(peak.covariance()[a][b]).isCloseTo(expected, within(1e-7));
            }
        }
    }

    @Test
    void sixPointsAreTooFew() {
        assertSkipped(
                points(TRUTH, days(-10, 5, 6)),
                "6 points from day -20 to 25 with flux and error above 0, 7 are needed");
    }

    @Test
    void maximumMustBeCovered() {
        assertSkipped(points(TRUTH, days(0, 2, 10)), "the first point is at day 0.0, needed at -2 or earlier");
        assertSkipped(points(TRUTH, days(-10, 2, 10)), "the last point is at day 8.0, needed at 10 or later");
    }

    @Test
    void straightRiseHasItsBestFitOnABound() {
        double[] times = days(-12, 2, 16);
        double[] rising = Arrays.stream(times).map(t -> 20 + t).toArray();

        assertSkipped(new FitPoints(times, rising, filled(times.length, 0.1), 25), "not fitted: at bound (");
    }

    @Test
    void sevenTimesTheSamePointsDoNotDetermineFourParameters() {
        double[] times = {-5, -5, -5, 12, 12, 12, 12};
        double[] fluxes = {5, 5, 5, 3, 3, 3, 3};

        assertThatThrownBy(() -> BazinFit.of(new FitPoints(times, fluxes, filled(7, 0.1), 25)))
                .isInstanceOf(SkippedException.class)
                .hasMessageStartingWith("not fitted: ");
    }

    private static void assertSkipped(FitPoints points, String reason) {
        assertThatThrownBy(() -> BazinFit.of(points))
                .isInstanceOf(SkippedException.class)
                .hasMessageStartingWith(reason);
    }

    private static double[] days(double first, double step, int count) {
        return IntStream.range(0, count).mapToDouble(i -> first + step * i).toArray();
    }

    private static double[] filled(int count, double value) {
        double[] values = new double[count];
        Arrays.fill(values, value);
        return values;
    }

    /** With errors of 3 %. */
    private static FitPoints points(double[] q, double[] times) {
        BazinFunction function = new BazinFunction(q);
        double[] fluxes =
                Arrays.stream(times).map(t -> Math.exp(function.logFlux(t))).toArray();
        return new FitPoints(
                times, fluxes, Arrays.stream(fluxes).map(flux -> 0.03 * flux).toArray(), 25);
    }
}
