package org.astropool.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EnsembleSamplerTest {
    private static final int WALKERS = 12;
    private static final long SEED = 77;
    private static final JointPrior PRIOR =
            JointPrior.of("a", new Prior.Flat(0, 1)).and("b", new Prior.LogFlat(1, 100));
    private static final EnsembleOptions OPTIONS =
            EnsembleOptions.builder(WALKERS, SEED).moves(new Moves(0.6, 0.4)).build();

    private static double hill(double[] point) {
        return -20 * Math.abs(point[0] - 0.1) - 0.5 * Math.abs(point[1] - 3);
    }

    private static List<Ensemble> run(EnsembleSampler sampler, int steps) {
        List<Ensemble> ensembles = new ArrayList<>();
        for (int i = 0; i <= steps; i++) {
            ensembles.add(sampler.step());
        }
        return ensembles;
    }

    private static EnsembleSampler sampler(PointEvaluator evaluator) {
        return new EnsembleSampler(PRIOR, evaluator, OPTIONS);
    }

    private static String text(List<Ensemble> ensembles) {
        StringBuilder text = new StringBuilder();
        for (Ensemble ensemble : ensembles) {
            for (int walker = 0; walker < ensemble.walkers(); walker++) {
                text.append(ensemble.step())
                        .append(Arrays.toString(ensemble.position(walker)))
                        .append(ensemble.logPosterior(walker))
                        .append(' ')
                        .append(ensemble.logLikelihood(walker))
                        .append(' ')
                        .append(ensemble.evaluation(walker))
                        .append(ensemble.accepted(walker))
                        .append('\n');
            }
        }
        return text.toString();
    }

    @Test
    void theChainDoesNotDependOnTheOrderOfEvaluations() {
        PointEvaluator scrambled = (numbers, points) -> {
            double[] values = new double[points.length];
            IntStream.range(0, points.length)
                    .boxed()
                    .sorted((i, j) -> Double.compare(points[i][0], points[j][0]))
                    .parallel()
                    .forEach(i -> values[i] = hill(points[i]));
            return values;
        };

        assertThat(text(run(sampler(scrambled), 300)))
                .isEqualTo(text(run(sampler(Densities.direct(EnsembleSamplerTest::hill)), 300)));
    }

    @Test
    void anotherSeedGivesAnotherChain() {
        PointEvaluator evaluator = Densities.direct(EnsembleSamplerTest::hill);
        EnsembleOptions other = EnsembleOptions.builder(WALKERS, SEED + 1)
                .moves(OPTIONS.moves())
                .build();

        assertThat(text(run(new EnsembleSampler(PRIOR, evaluator, other), 3)))
                .isNotEqualTo(text(run(sampler(evaluator), 3)));
    }

    @Test
    void evaluationsAreNumberedByStepAndWalkerAndAHalfIsOneCall() {
        List<long[]> calls = new ArrayList<>();
        PointEvaluator evaluator = (numbers, points) -> {
            calls.add(numbers);
            return Densities.direct(x -> 0).logLikelihoods(numbers, points);
        };
        JointPrior wide = JointPrior.of("a", new Prior.Normal(0, 1, -1e300, 1e300));

        List<Ensemble> ensembles = run(new EnsembleSampler(wide, evaluator, EnsembleOptions.of(6, SEED)), 2);

        assertThat(calls)
                .containsExactly(
                        new long[] {0, 1, 2, 3, 4, 5},
                        new long[] {6, 7, 8},
                        new long[] {9, 10, 11},
                        new long[] {12, 13, 14},
                        new long[] {15, 16, 17});
        for (Ensemble ensemble : ensembles) {
            for (int walker = 0; walker < 6; walker++) {
                assertThat(ensemble.evaluation(walker) % 6).isEqualTo(walker);
                assertThat(ensemble.accepted(walker))
                        .isEqualTo(ensemble.step() > 0 && ensemble.evaluation(walker) / 6 == ensemble.step());
            }
        }
    }

    @Test
    void failedEvaluationsAreRejectedMovesAndAreCounted() {
        AtomicLong failures = new AtomicLong();
        PointEvaluator evaluator = (numbers, points) -> {
            double[] values = Densities.direct(EnsembleSamplerTest::hill).logLikelihoods(numbers, points);
            for (int i = 0; i < values.length; i++) {
                if (numbers[i] % 7 == 3) {
                    values[i] = numbers[i] % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
                    failures.incrementAndGet();
                }
            }
            return values;
        };
        EnsembleSampler sampler = sampler(evaluator);

        for (Ensemble ensemble : run(sampler, 200)) {
            for (int walker = 0; walker < WALKERS; walker++) {
                assertThat(ensemble.evaluation(walker) % 7).isNotEqualTo(3);
                assertThat(ensemble.logLikelihood(walker)).isEqualTo(hill(ensemble.position(walker)));
            }
        }
        assertThat(sampler.counts().failed()).isEqualTo(failures.get()).isPositive();
    }

    @Test
    void movesOutsideThePriorAreRejectedWithoutAnEvaluation() {
        AtomicLong evaluated = new AtomicLong();
        PointEvaluator evaluator = (numbers, points) -> {
            evaluated.addAndGet(points.length);
            for (double[] point : points) {
                assertThat(PRIOR.logDensity(point)).isFinite();
            }
            return new double[points.length];
        };
        EnsembleSampler sampler = sampler(evaluator);

        List<Ensemble> ensembles = run(sampler, 500);

        SamplerCounts counts = sampler.counts();
        assertThat(counts.outsidePrior()).isPositive();
        assertThat(counts.evaluated()).isEqualTo(evaluated.get());
        assertThat(counts.proposed()).isEqualTo(500L * WALKERS);
        assertThat(counts.proposed() - counts.outsidePrior() + WALKERS).isEqualTo(counts.evaluated());
        assertThat(counts.accepted())
                .isEqualTo(ensembles.stream()
                        .mapToLong(ensemble -> IntStream.range(0, WALKERS)
                                .filter(ensemble::accepted)
                                .count())
                        .sum());
    }

    @Test
    void aFlatLikelihoodGivesThePrior() {
        Chain chain = new Chain();
        run(sampler((numbers, points) -> new double[points.length]), 8000).forEach(chain::append);

        List<ParameterStatistics> statistics = ChainStatistics.of(chain).parameters();

        ParameterStatistics flat = statistics.get(0);
        assertThat(Math.abs(flat.mean() - 0.5)).as("seed " + SEED).isLessThan(4 * flat.meanError());
        assertThat(flat.quantile16()).isBetween(0.13, 0.19);
        ParameterStatistics logFlat = statistics.get(1);
        double mean = 99 / Math.log(100);
        assertThat(Math.abs(logFlat.mean() - mean)).as("seed " + SEED).isLessThan(4 * logFlat.meanError());
    }

    @Test
    void aStepThatThrewCanBeTriedAgain() {
        PointEvaluator direct = Densities.direct(EnsembleSamplerTest::hill);
        AtomicLong calls = new AtomicLong();
        EnsembleSampler sampler = sampler((numbers, points) -> {
            if (calls.incrementAndGet() % 3 == 0) {
                throw new IllegalStateException("the pool is closed");
            }
            return direct.logLikelihoods(numbers, points);
        });
        List<Ensemble> ensembles = new ArrayList<>();
        while (ensembles.size() < 50) {
            try {
                ensembles.add(sampler.step());
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("the pool is closed");
            }
        }

        EnsembleSampler undisturbed = sampler(direct);
        assertThat(text(ensembles)).isEqualTo(text(run(undisturbed, 49)));
        assertThat(sampler.counts()).isEqualTo(undisturbed.counts());
    }

    // ---- starts ----

    @Test
    void startsWithoutAFinitePosteriorAreDrawnAgain() {
        Set<Long> seen = new HashSet<>();
        PointEvaluator evaluator = (numbers, points) -> {
            for (long number : numbers) {
                assertThat(seen.add(number)).as("number " + number).isTrue();
            }
            return Densities.direct(x -> x[0] > 0.3 ? Double.NEGATIVE_INFINITY : x[0] > 0.2 ? Double.NaN : hill(x))
                    .logLikelihoods(numbers, points);
        };
        EnsembleSampler sampler = sampler(evaluator);

        Ensemble start = sampler.step();

        for (int walker = 0; walker < WALKERS; walker++) {
            assertThat(start.logPosterior(walker)).isFinite();
            assertThat(start.position(walker, 0)).isLessThanOrEqualTo(0.2);
            assertThat(start.evaluation(walker) % WALKERS).isEqualTo(walker);
        }
        run(sampler, 20);
        assertThat(sampler.counts().evaluated()).isEqualTo(seen.size());
    }

    @Test
    void aPriorWithoutAnyLikelihoodIsRefusedAfterManyDraws() {
        EnsembleSampler sampler = sampler(Densities.direct(x -> Double.NaN));

        assertThatThrownBy(sampler::step)
                .isInstanceOf(SamplerException.class)
                .hasMessageContaining("12 of 12 walkers")
                .hasMessageContaining("after 100 draws each")
                .hasMessageContaining("log-likelihood failed")
                .hasMessageContaining("Give starts where");
    }

    @Test
    void startsAroundAPointAreInsideOfThePrior() {
        EnsembleOptions options = startingAt(new Start.Around(new double[] {0.99, 1.01}, new double[] {0.05, 0.05}));

        Ensemble start = new EnsembleSampler(PRIOR, Densities.direct(x -> 0), options).step();

        for (int walker = 0; walker < WALKERS; walker++) {
            assertThat(PRIOR.logDensity(start.position(walker))).isFinite();
            assertThat(start.position(walker, 0)).isBetween(0.7, 1.0);
        }
    }

    @Test
    void startsAroundAPointFarOutsideOfThePriorAreRefused() {
        EnsembleOptions options = startingAt(new Start.Around(new double[] {7, 50}, new double[] {0.05, 0.05}));

        assertThatThrownBy(() -> new EnsembleSampler(PRIOR, Densities.direct(x -> 0), options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is outside of flat(0.0, 1.0)");
    }

    @Test
    void givenStartsAreUsedUnchanged() {
        double[][] positions = spreadPositions();

        Ensemble start = new EnsembleSampler(
                        PRIOR, Densities.direct(EnsembleSamplerTest::hill), startingAt(new Start.At(positions)))
                .step();

        for (int walker = 0; walker < WALKERS; walker++) {
            assertThat(start.position(walker)).isEqualTo(positions[walker]);
        }
    }

    @Test
    void givenStartsThatCannotBeUsedAreRefused() {
        double[][] outside = spreadPositions();
        outside[5][1] = 101;
        refusesStarts(outside, "start of walker 5", "b = 101.0 is outside of log-flat(1.0, 100.0)");
        double[][] equal = spreadPositions();
        Arrays.stream(equal).forEach(position -> position[0] = 0.1);
        refusesStarts(equal, "same a, 0.1", "spread them");
        double[][] line = spreadPositions();
        Arrays.stream(line).forEach(position -> position[1] = 2 + 0.3 * position[0]);
        refusesStarts(line, "b is a linear function", "spread them");
        refusesStarts(Arrays.copyOf(spreadPositions(), 10), "10 start positions", "12 walkers");

        EnsembleOptions given = startingAt(new Start.At(spreadPositions()));
        EnsembleSampler sampler = new EnsembleSampler(
                PRIOR, (numbers, points) -> new double[] {0, 0, Double.NaN, 0, 0, 0, 0, 0, 0, 0, 0, 0}, given);
        assertThatThrownBy(sampler::step)
                .isInstanceOf(SamplerException.class)
                .hasMessageContaining("1 of 12 walkers")
                .hasMessageContaining("Walker 2 at");
    }

    private static double[][] spreadPositions() {
        double[][] positions = new double[WALKERS][];
        for (int walker = 0; walker < WALKERS; walker++) {
            positions[walker] = new double[] {0.05 + 0.01 * walker, 2 + 0.2 * (walker * 5 % WALKERS)};
        }
        return positions;
    }

    private static void refusesStarts(double[][] positions, String... words) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new EnsembleSampler(PRIOR, Densities.direct(x -> 0), startingAt(new Start.At(positions))))
                .withMessageContainingAll(words);
    }

    // ---- settings ----

    @Test
    void tooFewWalkersAndOddNumbersAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnsembleOptions.of(41, SEED))
                .withMessageContaining("walkers is 41; it must be even");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EnsembleSampler(
                        Densities.Correlated.prior(), Densities.direct(x -> 0), EnsembleOptions.of(18, SEED)))
                .withMessageContaining("18 walkers are too few for 10 parameters")
                .withMessageContaining("at least 20");
    }

    @Test
    void invalidWeightsAndSpreadsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Moves(0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Moves(-1, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Start.Around(new double[] {1}, new double[] {0}))
                .withMessageContaining("never change it");
    }

    private static EnsembleOptions startingAt(Start start) {
        return new EnsembleOptions(OPTIONS.walkers(), OPTIONS.seed(), OPTIONS.moves(), start);
    }
}
