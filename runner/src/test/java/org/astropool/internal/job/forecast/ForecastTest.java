package org.astropool.internal.job.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.astropool.internal.job.forecast.Forecaster.Prediction;
import org.junit.jupiter.api.Test;

class ForecastTest {
    private static final long SEED = 20261130;

    /** The mean of exp(x) for a normal x with this standard deviation is exp(sigma^2 / 2). */
    @Test
    void theWorkOfAHundredMillionUnitsIsThatOfTheirMean() {
        double sigma = 0.8;
        SplittableRandom random = new SplittableRandom(SEED);
        double[][] features = new double[200][1];
        double[] seconds = new double[200];
        Arrays.setAll(seconds, i -> Math.exp(sigma * random.nextGaussian()));
        double pilotMean = Arrays.stream(seconds).average().orElseThrow();
        int units = 100_000_000;

        Prediction prediction =
                new Forecast(DurationModel.of(features, seconds), units, unit -> new double[1], SEED).on(1_000);

        assertThat(prediction.workSeconds().median() / units)
                .as("seed %d", SEED)
                .isCloseTo(pilotMean, within(0.15 * pilotMean));
        assertThat(prediction.wallSeconds().median())
                .isCloseTo(prediction.workSeconds().median() / 1_000, within(0.1 * units * pilotMean / 1_000));
    }
}
