package org.astropool.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.astropool.maximizer.Maximizer;
import org.astropool.maximizer.MaximizerOptions;
import org.astropool.maximizer.Maximum;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolOptions;
import org.astropool.task.SkippedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PoolEvaluatorTest {
    private static final Pool POOL = Pool.open(
            PoolOptions.builder().carrier(CarrierKind.THREADS).workers(2).build());
    private static final JointPrior PRIOR =
            JointPrior.of("a", new Prior.Flat(-1, 1)).and("b", new Prior.Normal(0, 2, -5, 5));

    @AfterAll
    static void close() {
        POOL.close();
    }

    private static double density(double[] point) {
        return -10 * Math.pow(point[0] - Math.sin(point[1]), 2);
    }

    private static double troubledDensity(double[] point) throws SkippedException {
        if (point[0] > 0.8) {
            throw new ArithmeticException("no convergence at " + point[0]);
        }
        if (point[0] < -0.8) {
            throw new SkippedException("no big bang");
        }
        return density(point);
    }

    @Test
    void aChainOfAPoolIsThatOfADirectEvaluation() {
        EnsembleOptions options =
                EnsembleOptions.builder(14, 3).moves(new Moves(1, 1)).build();
        EnsembleSampler direct = new EnsembleSampler(PRIOR, Densities.direct(PoolEvaluatorTest::density), options);
        try (PoolEvaluator evaluator = new PoolEvaluator(POOL, PoolEvaluatorTest::density)) {
            EnsembleSampler pooled = new EnsembleSampler(PRIOR, evaluator, options);

            for (int step = 0; step < 200; step++) {
                Ensemble here = direct.step();
                Ensemble there = pooled.step();
                for (int walker = 0; walker < 14; walker++) {
                    assertThat(there.position(walker)).isEqualTo(here.position(walker));
                    assertThat(there.logPosterior(walker)).isEqualTo(here.logPosterior(walker));
                    assertThat(there.evaluation(walker)).isEqualTo(here.evaluation(walker));
                }
            }
            assertThat(pooled.counts()).isEqualTo(direct.counts());
        }
    }

    @Test
    void exceptionsAreFailuresAndSkippedPointsHaveZeroLikelihood() {
        try (PoolEvaluator evaluator = new PoolEvaluator(POOL, PoolEvaluatorTest::troubledDensity)) {
            assertThat(evaluator.lastFailure()).isEmpty();

            double[] values = evaluator.logLikelihoods(
                    new long[] {0, 1, 2, 3}, new double[][] {{0.9, 0}, {-0.9, 0}, {0, 0}, {0.5, 0}});

            assertThat(values).containsExactly(Double.NaN, Double.NEGATIVE_INFINITY, -0.0, -2.5);
            assertThat(evaluator.lastFailure())
                    .hasValueSatisfying(
                            failure -> assertThat(failure.toString()).contains("no convergence at 0.9"));
        }
    }

    @Test
    void aFunctionThatCannotBeSerializedIsRefusedWithTheReason() {
        Object local = new Object();

        assertThatThrownBy(() -> new PoolEvaluator(POOL, x -> (double) local.hashCode()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot serialize")
                .hasMessageContaining("java.lang.Object is not serializable");
    }

    @Test
    void theMaximumIsTheSameOnAPool() {
        MaximizerOptions options = MaximizerOptions.of(3, 8, MaximizerOptions.Target.LOG_POSTERIOR);
        Maximum direct = new Maximizer(PRIOR, Densities.direct(PoolEvaluatorTest::density), options).maximize();
        try (PoolEvaluator evaluator = new PoolEvaluator(POOL, PoolEvaluatorTest::density)) {
            Maximum pooled = new Maximizer(PRIOR, evaluator, options).maximize();

            assertThat(pooled.searches()).usingRecursiveComparison().isEqualTo(direct.searches());
            assertThat(pooled.best().point()).isEqualTo(direct.best().point());
        }
    }

    @Test
    void aClosedPoolEndsTheStepWithItsException() {
        try (Pool pool = Pool.open(
                PoolOptions.builder().carrier(CarrierKind.THREADS).workers(1).build())) {
            PoolEvaluator evaluator = new PoolEvaluator(pool, PoolEvaluatorTest::density);
            EnsembleSampler sampler = new EnsembleSampler(PRIOR, evaluator, EnsembleOptions.of(8, 1));
            sampler.step();
            pool.close();

            assertThatThrownBy(sampler::step).isInstanceOf(PoolException.class);
        }
    }
}
