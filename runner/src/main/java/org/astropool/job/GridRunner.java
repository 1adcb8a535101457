package org.astropool.job;

import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.astropool.job.Job.RunSettings;
import org.astropool.pool.CallOptions;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolException;
import org.astropool.pool.ProgressListener;
import org.astropool.task.Outcome;

/** Evaluates grids by a pool. Stateless. */
public final class GridRunner {
    private static final double NANOS = 1e-9;

    private GridRunner() {}

    /**
     * Evaluates all points of a grid. Points that fail do not end it; {@link RunSettings#stopWhenAllFail} failures and
     * nothing else, or the loss of all workers, do: see {@link GridRun#endedBecause}.
     *
     * @throws PoolException when the pool was closed or failed
     */
    public static GridRun run(Pool pool, GridSpec spec, RunSettings settings, ProgressListener progress) {
        GridResult result = new GridResult(spec);
        CallOptions options = CallOptions.defaults()
                .ordered(false)
                .retries(settings.retries())
                .seed(spec.seed())
                .progress(progress);
        if (settings.timeout().isPresent()) {
            options = options.timeout(settings.timeout().get());
        }
        long start = System.nanoTime();
        Optional<String> endedBecause;
        try (Stream<Outcome<Object>> outcomes =
                pool.batches(spec.function(), spec.grid().size(), spec.batchSize(), options)) {
            endedBecause = collect(outcomes.iterator(), result, hopeless(settings, pool.slots()));
        } catch (PoolException e) {
            if (e.reason() != PoolException.Reason.WORKERS_LOST) {
                throw e;
            }
            endedBecause = Optional.of(String.valueOf(e.getMessage()));
        }
        double seconds = (System.nanoTime() - start) * NANOS;
        return new GridRun(result, pool.carrier(), pool.workers(), seconds, endedBecause);
    }

    /** After how many failures, and nothing else, a run ends. */
    private static long hopeless(RunSettings settings, int slots) {
        return settings.stopWhenAllFail() == 0 ? Long.MAX_VALUE : Math.max(settings.stopWhenAllFail(), 2L * slots);
    }

    private static Optional<String> collect(Iterator<Outcome<Object>> outcomes, GridResult result, long hopeless) {
        boolean allFailed = true;
        while (outcomes.hasNext()) {
            Outcome<Object> outcome = outcomes.next();
            result.add(outcome);
            allFailed &= outcome instanceof Outcome.Failed;
            if (allFailed && result.count(PointStatus.FAILED) >= hopeless && outcomes.hasNext()) {
                return Optional.of("the first " + result.count(PointStatus.FAILED)
                        + " points all failed; the last one said: "
                        + ((Outcome.Failed<?>) outcome).failure());
            }
        }
        return Optional.empty();
    }
}
