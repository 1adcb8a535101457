package org.astropool.sampler;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.astropool.pool.CallOptions;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolException;
import org.astropool.pool.TaskRounds;
import org.astropool.task.BatchFunction;
import org.astropool.task.Outcome;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskFailure;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a log-likelihood on the workers of a pool, which keep the function until this evaluator is closed.
 * Thread-safe.
 */
public final class PoolEvaluator implements PointEvaluator, AutoCloseable {
    private final TaskRounds<double[], Double> rounds;
    private volatile @Nullable TaskFailure lastFailure;

    /**
     * Sends the function to the workers.
     *
     * @param logLikelihood the log-likelihood of a point. If it throws, the evaluation has failed;
     *     {@link SkippedException} means that the likelihood is zero
     * @throws IllegalArgumentException when the function cannot be serialized
     */
    public PoolEvaluator(Pool pool, TaskFunction<? super double[], Double> logLikelihood, CallOptions options) {
        BatchFunction<double[], Double> function =
                (points, results, context) -> results.done(0, logLikelihood.apply(points.get(0)));
        this.rounds = pool.rounds(function, options);
    }

    /** {@link #PoolEvaluator(Pool, TaskFunction, CallOptions)} with default options. */
    public PoolEvaluator(Pool pool, TaskFunction<? super double[], Double> logLikelihood) {
        this(pool, logLikelihood, CallOptions.defaults());
    }

    /** @throws PoolException when the pool fails or is closed, or the thread is interrupted */
    @Override
    public double[] logLikelihoods(long[] numbers, double[][] points) {
        List<@Nullable Outcome<Double>> outcomes = rounds.evaluate(numbers, Arrays.asList(points));
        double[] values = new double[points.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(outcomes.get(i));
        }
        return values;
    }

    private double value(@Nullable Outcome<Double> outcome) {
        if (outcome instanceof Outcome.Done<Double> done) {
            Double value = done.result();
            return value == null ? Double.NaN : value;
        }
        if (outcome instanceof Outcome.Failed<Double> failed) {
            lastFailure = failed.failure();
            return Double.NaN;
        }
        if (outcome instanceof Outcome.Skipped) {
            return Double.NEGATIVE_INFINITY;
        }
        throw new PoolException(PoolException.Reason.CLOSED, "the call was stopped before all points were evaluated");
    }

    /** The failure of the last evaluation that failed; empty when none has. */
    public Optional<TaskFailure> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    /** Removes the function from the workers. */
    @Override
    public void close() {
        rounds.close();
    }
}
