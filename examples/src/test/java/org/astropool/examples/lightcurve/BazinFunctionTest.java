package org.astropool.examples.lightcurve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BazinFunctionTest {
    private static final double[] Q = {10.3, -3.6, 1.1, 2.2};
    private static final double STEP = 1e-5;

    @ParameterizedTest
    @ValueSource(doubles = {-19, -4, 0, 7.5, 24})
    void gradientIsThatOfTheLogarithmOfTheFlux(double t) {
        double[] gradient = new double[BazinFunction.PARAMETERS];
        double flux = new BazinFunction(Q).flux(t, gradient);

        assertThat(Math.log(flux)).isCloseTo(new BazinFunction(Q).logFlux(t), within(1e-12));
        for (int k = 0; k < Q.length; k++) {
            double difference = at(k, STEP).logFlux(t) - at(k, -STEP).logFlux(t);
            assertThat(gradient[k]).as("parameter %d", k).isCloseTo(difference / (2 * STEP), within(1e-8));
        }
    }

    @Test
    void fluxIsGreatestAtThePeak() {
        BazinFunction function = new BazinFunction(Q);
        double peak = function.peakTime();

        assertThat(function.logFlux(peak))
                .isGreaterThan(function.logFlux(peak - 0.01))
                .isGreaterThan(function.logFlux(peak + 0.01));
    }

    @Test
    void gradientOfThePeakTime() {
        double[] gradient = new BazinFunction(Q).peakTimeGradient();

        for (int k = 0; k < Q.length; k++) {
            double difference = at(k, STEP).peakTime() - at(k, -STEP).peakTime();
            assertThat(gradient[k]).as("parameter %d", k).isCloseTo(difference / (2 * STEP), within(1e-8));
        }
    }

    @Test
    void whatFallsFasterThanItRisesHasNoPeak() {
        assertThat(new BazinFunction(new double[] {10, 0, 2, 1}).hasPeak()).isFalse();
        assertThat(new BazinFunction(Q).hasPeak()).isTrue();
    }

    private static BazinFunction at(int parameter, double step) {
        double[] q = Q.clone();
        q[parameter] += step;
        return new BazinFunction(q);
    }
}
