package org.astropool.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import org.astropool.task.RandomStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chains and their statistics. */
class ChainTest {
    private static final long SEED = 5;

    /** Autoregressive series around 0 with variance 1, shape walkers x steps. */
    private static double[][] autoregressive(double correlation, int walkers, int steps) {
        double[][] series = new double[walkers][steps];
        for (int walker = 0; walker < walkers; walker++) {
            RandomGenerator random = RandomStreams.stream(SEED, walker);
            double value = random.nextGaussian();
            for (int i = 0; i < steps; i++) {
                series[walker][i] = value;
                value = correlation * value + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
            }
        }
        return series;
    }

    /** One parameter; the log-posterior is -value^2 / 2. */
    private static Chain chain(double[][] series) {
        Chain chain = new Chain();
        int walkers = series.length;
        for (int step = 0; step < series[0].length; step++) {
            double[][] positions = new double[walkers][1];
            double[] logPosteriors = new double[walkers];
            boolean[] accepted = new boolean[walkers];
            for (int walker = 0; walker < walkers; walker++) {
                double value = series[walker][step];
                positions[walker][0] = value;
                logPosteriors[walker] = -value * value / 2;
                accepted[walker] = (step + walker) % 4 == 0;
            }
            chain.append(
                    new Ensemble(step, positions, logPosteriors, logPosteriors.clone(), new long[walkers], accepted));
        }
        return chain;
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.5, 0, 0.5, 0.9, 0.97})
    void theAutocorrelationTimeOfAnAutoregressiveSeriesIsKnown(double correlation) {
        double known = (1 + correlation) / (1 - correlation);

        double found = AutocorrelationTime.of(autoregressive(correlation, 50, 20_000));

        // its relative error is sqrt(20 tau / values), which is 3.6 % for the longest
        assertThat(found).as("seed " + SEED).isCloseTo(known, within(0.11 * known));
    }

    @Test
    void theMonteCarloErrorMatchesTheScatterOfTheMean() {
        double sum = 0;
        int chains = 40;
        double[][] series = autoregressive(0.8, chains, 3000);
        for (double[] walker : series) {
            ParameterStatistics statistics = ChainStatistics.of(chain(new double[][] {walker}))
                    .parameters()
                    .get(0);
            sum += Math.pow(statistics.mean() / statistics.meanError(), 2) / chains;
        }

        assertThat(sum)
                .as("mean square of the error in units of the claimed one, seed " + SEED)
                .isBetween(0.5, 1.7);
    }

    @Test
    void statisticsOfANormalSampleAreKnown() {
        Chain chain = chain(autoregressive(0.5, 50, 4000));

        ChainStatistics statistics = ChainStatistics.of(chain);
        ParameterStatistics parameter = statistics.parameters().get(0);

        assertThat(parameter.mean()).isCloseTo(0, within(0.02));
        assertThat(parameter.std())
                .isCloseTo(1, within(0.02))
                .isEqualTo(Math.sqrt(statistics.covariance()[0][0]));
        assertThat(parameter.quantile16()).isCloseTo(Densities.normalQuantile(0.16), within(0.02));
        assertThat(parameter.median()).isCloseTo(0, within(0.02));
        assertThat(parameter.quantile84()).isCloseTo(Densities.normalQuantile(0.84), within(0.02));
        assertThat(parameter.effectiveSamples()).isCloseTo(200_000 / parameter.autocorrelationTime(), within(1e-6));
        assertThat(parameter.meanError())
                .isCloseTo(parameter.std() / Math.sqrt(parameter.effectiveSamples()), within(1e-15));
        assertThat(statistics.acceptance()).isCloseTo(0.25, within(1e-3));
    }

    @Test
    void quantilesAreLinearBetweenValues() {
        assertThat(Quantiles.of(new double[] {1, 2, 4}, 0.5)).isEqualTo(2);
        assertThat(Quantiles.of(new double[] {1, 2, 4}, 0.75)).isEqualTo(3);
        assertThat(Quantiles.of(new double[] {1, 2, 4}, 1)).isEqualTo(4);
        assertThat(Quantiles.of(new double[] {7}, 0.16)).isEqualTo(7);
    }

    @Test
    void walkersInDifferentRegionsGiveALongTime() {
        double[][] series = autoregressive(0, 10, 1000);
        for (int i = 0; i < 1000; i++) {
            series[3][i] += 50;
        }

        assertThat(AutocorrelationTime.of(series)).isGreaterThan(100);
    }

    @Test
    void aChainThatDoesNotMoveHasNoEffectiveSamples() {
        ParameterStatistics parameter =
                ChainStatistics.of(chain(new double[4][100])).parameters().get(0);

        assertThat(parameter.autocorrelationTime()).isInfinite();
        assertThat(parameter.effectiveSamples()).isZero();
    }

    @Test
    void burnInLeavesOutTheApproachToTheDensity() {
        double[][] series = autoregressive(0.5, 20, 2000);
        for (double[] walker : series) {
            for (int i = 0; i < 100; i++) {
                walker[i] += 100 - i;
            }
        }

        assertThat(BurnIn.steps(chain(series))).as("seed " + SEED).isBetween(90, 130);
        assertThat(BurnIn.steps(chain(autoregressive(0.9, 20, 2000))))
                .as("five autocorrelation times of 19, seed " + SEED)
                .isBetween(75, 115);
        assertThat(BurnIn.steps(chain(autoregressive(0.9, 20, 10))))
                .as("never more than half")
                .isLessThanOrEqualTo(5);
    }

    @Test
    void partsOfAChainKeepTheirSteps() {
        Chain chain = chain(autoregressive(0, 4, 100));

        Chain part = chain.from(10).every(7);

        assertThat(part.length()).isEqualTo(13);
        assertThat(part.get(0).step()).isEqualTo(10);
        assertThat(part.get(12).step()).isEqualTo(94);
        assertThat(part.series(0)[3][1]).isEqualTo(chain.get(17).position(3, 0));
    }

    @Test
    void aChainIsLongEnoughAtTheRequiredMultipleOfItsTimeAndAlwaysAtTheSameStep() {
        double known = 19;
        double[][] series = autoregressive(0.9, 60, 6000);

        int end = lengthWhenMet(series, 100);

        assertThat(end).as("seed " + SEED).isEqualTo(lengthWhenMet(series, 100));
        assertThat(end - 5 * known).as("seed " + SEED).isBetween(85 * known, 160 * known);
    }

    @Test
    void aChainThatDoesNotMoveIsNeverLongEnough() {
        assertThat(lengthWhenMet(new double[4][500], 10)).isEqualTo(-1);
    }

    private static int lengthWhenMet(double[][] series, double times) {
        Chain whole = chain(series);
        Chain chain = new Chain();
        LengthCheck check = new LengthCheck(times, 50);
        for (int i = 0; i < whole.length(); i++) {
            chain.append(whole.get(i));
            if (check.isMet(chain)) {
                return chain.length();
            }
        }
        return -1;
    }

    @Test
    void stepsOfAnotherShapeAreRefused() {
        Chain chain = chain(new double[4][3]);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> chain.append(chain(new double[6][1]).get(0)))
                .withMessageContaining("6 walkers");
    }
}
