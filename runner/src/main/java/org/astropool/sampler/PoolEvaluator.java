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

/**
 * Evaluates a log-likelihood on the workers of a pool, which keep the function until this is closed.
 *
 * <p>Points that take less than 0.1 ms travel together, as many as take that long and never more than a slot's share.
 * Where one of them fails they are evaluated again one by one, so that each has its own attempts, timeout and failure.
 *
 * <p>Thread-safe.
 */
public final class PoolEvaluator implements PointEvaluator, AutoCloseable {
    private static final double SECONDS_A_TASK = 1e-4;
    private static final double WEIGHT_OF_LAST_CALL = 0.25;

    private final Pool pool;
    private final RemoteFunction<double[], double[]> function;
    private volatile double secondsAPoint = SECONDS_A_TASK;
    private volatile @Nullable TaskFailure lastFailure;

    /**
     * Sends the function to the workers.
     *
     * @param logLikelihood of a point. When it throws, the evaluation has failed; {@link SkippedException} says that the
     *     likelihood is zero there
     * @throws IllegalArgumentException when the function cannot be serialized
     */
    public PoolEvaluator(Pool pool, TaskFunction<? super double[], Double> logLikelihood, CallOptions options) {
        this.pool = pool;
        this.function = pool.function(new PointBlock(logLikelihood), options);
    }

    /** {@link #PoolEvaluator(Pool, TaskFunction, CallOptions)} with default options. */
    public PoolEvaluator(Pool pool, TaskFunction<? super double[], Double> logLikelihood) {
        this(pool, logLikelihood, CallOptions.defaults());
    }

    /** @throws PoolException when the pool fails or is closed, or the thread is interrupted */
    @Override
    public double[] logLikelihoods(long[] numbers, double[][] points) {
        double[] values = new double[points.length];
        evaluate(points, values, 0, points.length, pointsATask(points.length));
        return values;
    }

    private int pointsATask(int points) {
        if (points == 1 || secondsAPoint >= SECONDS_A_TASK) {
            return 1;
        }
        int slots = Math.max(1, pool.slots());
        int share = (points + slots - 1) / slots;
        return Math.min((int) (SECONDS_A_TASK / secondsAPoint), share);
    }

    /** Evaluates the points from one index up to another. */
    private void evaluate(double[][] points, double[] values, int from, int to, int pointsATask) {
        List<CompletableFuture<double[]>> blocks = new ArrayList<>();
        for (int first = from; first < to; first += pointsATask) {
            blocks.add(function.submit(PointBlock.pack(points, first, Math.min(first + pointsATask, to))));
        }
        double seconds = 0;
        int measured = 0;
        int first = from;
        for (CompletableFuture<double[]> block : blocks) {
            int count = Math.min(pointsATask, to - first);
            double[] results = results(block);
            if (results != null) {
                System.arraycopy(results, 0, values, first, count);
                seconds += results[count];
                measured += count;
            } else if (count > 1) {
                evaluate(points, values, first, first + count, 1);
            } else {
                values[first] = Double.NaN;
            }
            first += count;
        }
        if (measured > 0) {
            double before = secondsAPoint; // a race with another thread loses a measurement, no more
            secondsAPoint = before + WEIGHT_OF_LAST_CALL * (seconds / measured - before);
        }
    }

    /** Null when the block has failed. */
    private double @Nullable [] results(CompletableFuture<double[]> block) {
        try {
            return block.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PoolException(PoolException.Reason.CLOSED, "interrupted while waiting for log-likelihoods", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TaskFailedException failed) {
                lastFailure = failed.failure();
                return null;
            }
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new PoolException(PoolException.Reason.DEFECT, "an evaluation ended unexpectedly: " + e, e);
        }
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
