package org.astropool.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * 20 chains of at least 100 autocorrelation times each, from starts away from the density, less their burn-in: pooled,
 * they agree with the truth within four Monte-Carlo errors. Takes minutes:
 *
 * <p>{@code ./mvnw -pl runner -am test -Dtest=KnownDensitiesLongTest -Dastropool.long=true
 * -Dsurefire.failIfNoSpecifiedTests=false}
 *
 * <p>Their length is given, not found by {@link LengthCheck}: a chain that has missed a tail so far believes in a short
 * autocorrelation time and ends before it finds it. Of 20 such chains on the Rosenbrock density the variance of y was
 * 4.6 errors too small.
 */
@EnabledIfSystemProperty(named = "astropool.long", matches = "true")
class KnownDensitiesLongTest {
    private static final int CHAINS = 20;

    @ParameterizedTest(name = "moves {0} : {1}")
    @CsvSource({"1, 0", "0, 1", "0.8, 0.2"})
    void theCorrelatedNormalDensity(double stretch, double evolution) {
        EnsembleOptions options = EnsembleOptions.builder(40, 0)
                .moves(new Moves(stretch, evolution))
                .build();
        check(
                Densities.Correlated.prior(),
                new Densities.Correlated(),
                options,
                30_000,
                10,
                KnownAnswers.ofCorrelated());
    }

    @Test
    void theRosenbrockDensity() {
        EnsembleOptions options = EnsembleOptions.builder(40, 0)
                .moves(new Moves(0.8, 0.2))
                .start(new Start.Around(new double[] {1, 2}, new double[] {2, 5}))
                .build();
        check(
                Densities.Rosenbrock.prior(),
                new Densities.Rosenbrock(),
                options,
                2_000_000,
                100,
                KnownAnswers.ofRosenbrock());
    }

    /** @param interval the steps between those that are kept; much less than the autocorrelation time */
    private static void check(
            JointPrior prior,
            Densities.Function density,
            EnsembleOptions options,
            int steps,
            int interval,
            KnownAnswers answers) {
        List<Run> runs = IntStream.rangeClosed(1, CHAINS)
                .parallel()
                .mapToObj(seed -> {
                    EnsembleOptions seeded =
                            new EnsembleOptions(options.walkers(), seed, options.moves(), options.start());
                    return run(new EnsembleSampler(prior, Densities.direct(density), seeded), steps, interval, answers);
                })
                .toList();
        double time = runs.stream().mapToDouble(Run::time).average().orElseThrow();
        List<KnownAnswers.Deviation> deviations =
                answers.deviations(runs.stream().map(Run::estimates).toList());
        double largest = deviations.stream()
                .mapToDouble(deviation -> Math.abs(deviation.inErrors()))
                .max()
                .orElseThrow();
        System.out.printf(
                "seeds 1 to %d, %s: %d steps, autocorrelation time %.1f; of %d quantities the largest deviation is"
                        + " %.2f errors%n",
                CHAINS, options.moves(), steps, time, deviations.size(), largest);
        assertThat(steps / time).as("autocorrelation times").isGreaterThan(100);
        assertThat(deviations)
                .allSatisfy(deviation -> assertThat(Math.abs(deviation.inErrors()))
                        .as(deviation.toString())
                        .isLessThan(4));
    }

    private record Run(List<KnownAnswers.Estimate> estimates, double time) {}

    private static Run run(EnsembleSampler sampler, int steps, int interval, KnownAnswers answers) {
        Chain chain = new Chain();
        for (int step = 1; step <= steps; step++) {
            Ensemble state = sampler.step();
            if (step % interval == 0) {
                chain.append(state);
            }
        }
        int burnIn = BurnIn.steps(chain);
        return new Run(answers.estimates(chain.from(burnIn)), interval * AutocorrelationTime.longest(chain, burnIn));
    }
}
