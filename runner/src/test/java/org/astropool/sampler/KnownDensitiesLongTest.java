package org.astropool.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * 20 chains of at least 100 autocorrelation times each, from starts away from the density, less their burn-in: pooled,
 * they agree with the truth within four Monte-Carlo errors, and scatter as much as their errors say. Takes minutes:
 *
 * <p>{@code ./mvnw -pl runner -am test -Dtest=KnownDensitiesLongTest -Dastropool.long=true -Dsurefire.failIfNoSpecifiedTests=false}
 */
@EnabledIfSystemProperty(named = "astropool.long", matches = "true")
class KnownDensitiesLongTest {
    private static final int CHAINS = 20;

    @ParameterizedTest(name = "moves {0} : {1}")
    @CsvSource({"1, 0", "0, 1", "0.8, 0.2"})
    void theCorrelatedNormalDensity(double stretch, double evolution) {
        EnsembleOptions options = EnsembleOptions.of(40, 0).moves(new Moves(stretch, evolution));
        check(Densities.Correlated.prior(), new Densities.Correlated(), options, 10, KnownAnswers.ofCorrelated());
    }

    @ParameterizedTest(name = "moves {0} : {1}")
    @CsvSource({"1, 0", "0, 1", "0.8, 0.2"})
    void theRosenbrockDensity(double stretch, double evolution) {
        EnsembleOptions options = EnsembleOptions.of(40, 0)
                .moves(new Moves(stretch, evolution))
                .start(new Start.Around(new double[] {1, 2}, new double[] {2, 5}));
        check(Densities.Rosenbrock.prior(), new Densities.Rosenbrock(), options, 100, KnownAnswers.ofRosenbrock());
    }

    /** @param interval the steps between those that are kept; much less than the autocorrelation time */
    private static void check(
            JointPrior prior, Densities.Function density, EnsembleOptions options, int interval, KnownAnswers answers) {
        List<List<KnownAnswers.Estimate>> chains = new ArrayList<>();
        double steps = 0;
        double time = 0;
        for (int seed = 1; seed <= CHAINS; seed++) {
            EnsembleOptions seeded = new EnsembleOptions(options.walkers(), seed, options.moves(), options.start());
            EnsembleSampler sampler = new EnsembleSampler(prior, Densities.direct(density), seeded);
            LengthCheck length = new LengthCheck(100, 100);
            Chain chain = new Chain();
            do {
                for (int skipped = 1; skipped < interval; skipped++) {
                    sampler.step();
                }
                chain.append(sampler.step());
            } while (!length.isMet(chain));
            chains.add(answers.estimates(chain.from(BurnIn.steps(chain))));
            steps += (double) chain.length() * interval / CHAINS;
            time += length.autocorrelationTime() * interval / CHAINS;
        }
        List<KnownAnswers.Deviation> deviations = answers.deviations(chains);
        double largest = 0;
        double scatter = 0;
        for (KnownAnswers.Deviation deviation : deviations) {
            largest = Math.max(largest, Math.abs(deviation.inErrors()));
            scatter += deviation.scatter() / deviations.size();
        }
        System.out.printf(
                "seeds 1 to %d, %s: %.0f steps, autocorrelation time %.1f; of %d quantities the largest deviation is %.2f"
                        + " errors, mean scatter %.2f errors%n",
                CHAINS, options.moves(), steps, time, deviations.size(), largest, scatter);
        assertThat(deviations)
                .allSatisfy(deviation -> assertThat(Math.abs(deviation.inErrors()))
                        .as(deviation.toString())
                        .isLessThan(4));
    }
}
