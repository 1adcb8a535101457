package org.astropool.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chains on densities with known answers, in short; {@link KnownDensitiesLongTest} takes its time. */
class KnownDensitiesTest {

    @ParameterizedTest(name = "seed {0}, moves {1} : {2}")
    @CsvSource({"1, 1, 0", "2, 0, 1", "3, 0.5, 0.5"})
    void aCorrelatedNormalDensityHasItsMeansCovariancesAndQuantiles(long seed, double stretch, double evolution) {
        Chain chain = sample(
                Densities.Correlated.prior(),
                new Densities.Correlated(),
                Densities.Correlated.draws(80, seed),
                seed,
                new Moves(stretch, evolution),
                5000);

        agrees(KnownAnswers.ofCorrelated(), chain, seed);
    }

    @ParameterizedTest(name = "seed {0}, moves {1} : {2}")
    @CsvSource({"4, 1, 0", "5, 0, 1", "6, 0.5, 0.5"})
    void theRosenbrockDensityHasItsMeansCovariancesAndQuantiles(long seed, double stretch, double evolution) {
        Chain chain = sample(
                Densities.Rosenbrock.prior(),
                new Densities.Rosenbrock(),
                Densities.Rosenbrock.draws(60, seed),
                seed,
                new Moves(stretch, evolution),
                12_000);

        agrees(KnownAnswers.ofRosenbrock(), chain, seed);
    }

    private static Chain sample(
            JointPrior prior, Densities.Function density, double[][] starts, long seed, Moves moves, int steps) {
        EnsembleOptions options = EnsembleOptions.builder(starts.length, seed)
                .moves(moves)
                .start(new Start.At(starts))
                .build();
        EnsembleSampler sampler = new EnsembleSampler(prior, Densities.direct(density), options);
        Chain chain = new Chain();
        for (int step = 0; step <= steps; step++) {
            chain.append(sampler.step());
        }
        return chain;
    }

    private static void agrees(KnownAnswers answers, Chain chain, long seed) {
        // every tenth step says as much as all of them, in a tenth of the time
        assertThat(answers.deviations(List.of(answers.estimates(chain.every(10)))))
                .as("seed " + seed)
                .allSatisfy(deviation -> assertThat(Math.abs(deviation.inErrors()))
                        .as(deviation.toString())
                        .isLessThan(4));
    }
}
