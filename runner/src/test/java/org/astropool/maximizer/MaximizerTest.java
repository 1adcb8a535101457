package org.astropool.maximizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.astropool.maximizer.MaximizerOptions.Target;
import org.astropool.sampler.Densities;
import org.astropool.sampler.JointPrior;
import org.astropool.sampler.PointEvaluator;
import org.astropool.sampler.Prior;
import org.astropool.sampler.SamplerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MaximizerTest {
    private static final long SEED = 21;

    private static Maximum maximize(JointPrior prior, Densities.Function function, int starts) {
        return new Maximizer(
                        prior, Densities.direct(function), MaximizerOptions.of(starts, SEED, Target.LOG_LIKELIHOOD))
                .maximize();
    }

    private static JointPrior box(int dimensions, double from, double to) {
        JointPrior prior = JointPrior.of("x0", new Prior.Flat(from, to));
        for (int i = 1; i < dimensions; i++) {
            prior = prior.and("x" + i, new Prior.Flat(from, to));
        }
        return prior;
    }

    @Test
    void theMaximumOfACorrelatedNormalLikelihoodIsFoundFromEveryStart() {
        Maximum maximum = maximize(Densities.Correlated.prior(), new Densities.Correlated(), 4);

        assertThat(maximum.agreeing(1e-5)).as("seed " + SEED).isEqualTo(4);
        assertThat(maximum.best().value()).as("seed " + SEED).isCloseTo(0, within(1e-7));
        for (int i = 0; i < Densities.Correlated.DIMENSIONS; i++) {
            assertThat(maximum.best().point()[i])
                    .isCloseTo(Densities.Correlated.mean(i), within(1e-3 * Densities.Correlated.std(i)));
        }
    }

    /** The sum over neighbours, with its maximum 0 where all coordinates are 0.3. */
    private static double valley(double[] point) {
        double sum = 0;
        for (int i = 0; i + 1 < point.length; i++) {
            double x = point[i] + 0.7;
            double y = point[i + 1] + 0.7;
            sum -= 100 * Math.pow(y - x * x, 2) + Math.pow(1 - x, 2);
        }
        return sum;
    }

    @Test
    void theBottomOfAShiftedRosenbrockValleyIsFound() {
        Maximum maximum = maximize(box(10, -2, 2), MaximizerTest::valley, 4);

        assertThat(maximum.best().value()).as("seed " + SEED).isCloseTo(0, within(1e-5));
        for (double x : maximum.best().point()) {
            assertThat(x).as("seed " + SEED).isCloseTo(0.3, within(0.01));
        }
    }

    @Test
    void theCurvatureAtTheMaximumGivesTheCovariance() {
        JointPrior prior = Densities.Correlated.prior();
        Maximizer maximizer = new Maximizer(
                prior,
                Densities.direct(new Densities.Correlated()),
                MaximizerOptions.of(1, SEED, Target.LOG_POSTERIOR));

        double[][] covariance = maximizer.covariance(maximizer.maximize()).orElseThrow();

        for (int i = 0; i < prior.dimensions(); i++) {
            for (int j = 0; j < prior.dimensions(); j++) {
                assertThat(covariance[i][j])
                        .as("seed " + SEED)
                        .isCloseTo(
                                Densities.Correlated.covariance(i, j),
                                within(1e-3 * Densities.Correlated.std(i) * Densities.Correlated.std(j)));
            }
        }
    }

    @Test
    void aMaximumOnTheEdgeOfThePriorIsFoundAndHasNoCurvature() {
        Densities.Function slope = x -> 5 * x[0] - Math.pow(x[1] - 0.5, 2) - x[2];
        Maximizer maximizer = new Maximizer(
                box(3, 0, 1), Densities.direct(slope), MaximizerOptions.of(2, SEED, Target.LOG_LIKELIHOOD));

        Maximum maximum = maximizer.maximize();

        assertThat(maximizer.covariance(maximum)).isEmpty();

        assertThat(maximum.best().value()).as("seed " + SEED).isCloseTo(5, within(1e-6));
        assertThat(maximum.best().point()[0]).isBetween(1 - 1e-6, 1.0);
        assertThat(maximum.best().point()[2]).isBetween(0.0, 1e-6);
    }

    @Test
    void oneParameterIsEnough() {
        Maximum maximum = maximize(box(1, -3, 8), x -> -Math.cosh(x[0] - 2), 3);

        assertThat(maximum.best().point()[0]).as("seed " + SEED).isCloseTo(2, within(1e-6));
        assertThat(maximum.agreeing(1e-9)).isEqualTo(3);
    }

    @Test
    void failuresAndZeroLikelihoodsDoNotEndASearch() {
        Maximum maximum = maximize(
                box(4, -5, 5),
                x -> {
                    if (x[0] + x[1] > 1.5) {
                        return Double.NEGATIVE_INFINITY;
                    }
                    if (x[2] < -1) {
                        return Double.NaN;
                    }
                    return -Arrays.stream(x)
                            .map(value -> (value - 0.5) * (value - 0.5))
                            .sum();
                },
                4);

        assertThat(maximum.best().value()).as("seed " + SEED).isCloseTo(0, within(1e-5));
        assertThat(maximum.searches())
                .anySatisfy(search -> assertThat(search.failed()).isPositive());
    }

    @Test
    void thePosteriorIncludesThePrior() {
        JointPrior prior = JointPrior.of(
                        "a", new Prior.Normal(1, 0.5, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY))
                .and("b", new Prior.LogFlat(0.1, 1000));
        Densities.Function likelihood = x -> -0.5 * Math.pow(x[0] - 2, 2) - 0.5 * Math.pow(x[1] - 20, 2);

        LocalMaximum best = new Maximizer(
                        prior, Densities.direct(likelihood), MaximizerOptions.of(2, SEED, Target.LOG_POSTERIOR))
                .maximize()
                .best();

        assertThat(best.point()[0]).as("seed " + SEED).isCloseTo(1.2, within(1e-4));
        assertThat(best.point()[1]).isCloseTo(10 + Math.sqrt(99), within(1e-3)); // b - 20 = -1/b
        assertThat(best.value() - best.logLikelihood()).isCloseTo(prior.logDensity(best.point()), within(1e-12));
    }

    @Test
    void evaluationsAreNumberedByStartAndDoNotDependOnTheOthers() {
        int limit = 500;
        Set<Long> numbers = ConcurrentHashMap.newKeySet();
        MaximizerOptions options = MaximizerOptions.builder(6, SEED, Target.LOG_LIKELIHOOD)
                .evaluationLimit(limit)
                .build();
        PointEvaluator slowOfSome = (ids, points) -> {
            assertThat(numbers.add(ids[0])).isTrue();
            double value = valley(points[0]);
            for (int again = 0; again < 1000 && ids[0] / limit % 2 == 0; again++) {
                value = valley(points[0]);
            }
            return new double[] {value};
        };

        Maximum maximum = new Maximizer(box(3, -2, 2), slowOfSome, options).maximize();

        Set<Long> expected = new HashSet<>();
        for (LocalMaximum search : maximum.searches()) {
            assertThat(search.evaluations()).isLessThanOrEqualTo(limit);
            for (long k = 0; k < search.evaluations(); k++) {
                expected.add(search.start() * (long) limit + k);
            }
        }
        assertThat(numbers).isEqualTo(expected);
        Maximum alone = new Maximizer(box(3, -2, 2), Densities.direct(MaximizerTest::valley), options).maximize();
        assertThat(maximum.searches()).usingRecursiveComparison().isEqualTo(alone.searches());
    }

    @Test
    void theLimitEndsASearchWithTheBestSoFar() {
        MaximizerOptions options = MaximizerOptions.builder(2, SEED, Target.LOG_LIKELIHOOD)
                .evaluationLimit(60)
                .build();

        Maximum maximum = new Maximizer(box(10, -2, 2), Densities.direct(MaximizerTest::valley), options).maximize();

        assertThat(maximum.searches()).allSatisfy(search -> {
            assertThat(search.complete()).isFalse();
            assertThat(search.evaluations()).isEqualTo(60);
            assertThat(valley(search.point())).isEqualTo(search.value());
        });
    }

    @Test
    void givenStartsAreUsed() {
        double[][] positions = {{-1.5, -1}, {1.5, 1}};
        Densities.Function twoHills =
                x -> Math.max(-Math.pow(x[0] + 1.4, 2) - x[1] * x[1], 1 - Math.pow(x[0] - 1.4, 2) - x[1] * x[1]);
        MaximizerOptions options = MaximizerOptions.builder(1, SEED, Target.LOG_LIKELIHOOD)
                .positions(positions)
                .build();

        Maximum maximum = new Maximizer(box(2, -2, 2), Densities.direct(twoHills), options).maximize();

        assertThat(maximum.best().start()).isEqualTo(1);
        assertThat(maximum.best().point()[0]).isCloseTo(1.4, within(1e-3));
        assertThat(maximum.deficit(maximum.searches().get(0))).isCloseTo(1, within(1e-6));
        assertThat(maximum.agreeing(0.1)).isEqualTo(1);
    }

    @Test
    void targetsThatCannotBeMaximizedAreRefused() {
        Maximizer nowhere = new Maximizer(
                box(2, 0, 1), Densities.direct(x -> Double.NaN), MaximizerOptions.of(2, SEED, Target.LOG_POSTERIOR));
        assertThatThrownBy(nowhere::maximize)
                .isInstanceOf(SamplerException.class)
                .hasMessageContaining("of 200 points 200 failed");

        MaximizerOptions outside = MaximizerOptions.builder(1, SEED, Target.LOG_LIKELIHOOD)
                .positions(new double[][] {{3, 0.5}})
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Maximizer(box(2, 0, 1), Densities.direct(x -> 0), outside))
                .withMessageContaining("x0 = 3.0 is outside of flat(0.0, 1.0)");
    }

    @Test
    void anExceptionOfTheEvaluatorEndsAllSearches() {
        Maximizer maximizer = new Maximizer(
                box(2, 0, 1),
                (numbers, points) -> {
                    throw new IllegalStateException("the pool is closed");
                },
                MaximizerOptions.of(3, SEED, Target.LOG_LIKELIHOOD));

        assertThatThrownBy(maximizer::maximize).hasMessage("the pool is closed");
    }
}
