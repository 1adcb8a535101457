package org.astropool.sampler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.astropool.pool.CallOptions;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolException;
import org.astropool.pool.RemoteFunction;
import org.astropool.pool.TaskFailedException;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskFailure;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/** Evaluates a log-likelihood on the workers of a pool, which keep the function until this is closed. Thread-safe. */
public final class PoolEvaluator implements PointEvaluator, AutoCloseable {
    private final RemoteFunction<double[], Double> function;
    private volatile @Nullable TaskFailure lastFailure;

    /**
     * Sends the function to the workers.
     *
     * @param logLikelihood of a point. When it throws, the evaluation has failed; {@link SkippedException} says that the
     *     likelihood is zero there
     * @throws IllegalArgumentException when the function cannot be serialized
     */
    public PoolEvaluator(Pool pool, TaskFunction<double[], Double> logLikelihood, CallOptions options) {
        function = pool.function(logLikelihood, options);
    }

    /** {@link #PoolEvaluator(Pool, TaskFunction, CallOptions)} with default options. */
    public PoolEvaluator(Pool pool, TaskFunction<double[], Double> logLikelihood) {
        this(pool, logLikelihood, CallOptions.defaults());
    }

    /** @throws PoolException when the pool fails or is closed, or the thread is interrupted */
    @Override
    public double[] logLikelihoods(long[] numbers, double[][] points) {
        List<CompletableFuture<Double>> futures = new ArrayList<>(points.length);
        for (double[] point : points) {
            futures.add(function.submit(point));
        }
        double[] values = new double[points.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(futures.get(i));
        }
        return values;
    }

    private double value(CompletableFuture<Double> future) {
        try {
            Double value = future.get();
            return value == null ? Double.NaN : value;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PoolException(PoolException.Reason.CLOSED, "interrupted while waiting for log-likelihoods", e);
        } catch (ExecutionException e) {
            return failed(e.getCause());
        }
    }

    private double failed(@Nullable Throwable cause) {
        if (cause instanceof TaskFailedException failed) {
            lastFailure = failed.failure();
            return Double.NaN;
        }
        if (cause instanceof SkippedException) {
            return Double.NEGATIVE_INFINITY;
        }
        throw cause instanceof RuntimeException exception
                ? exception
                : new PoolException(PoolException.Reason.DEFECT, "an evaluation ended unexpectedly: " + cause, cause);
    }

    /** Why the last evaluation that failed did so; empty when none has. */
    public Optional<TaskFailure> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    /** The workers may forget the function. */
    @Override
    public void close() {
        function.close();
    }
}
