package org.astropool.internal.job.run;

import java.util.BitSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Stream;
import org.astropool.internal.job.config.Job.RunSettings;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.internal.job.run.Termination.Cause;
import org.astropool.pool.CallOptions;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolException;
import org.astropool.pool.ProgressListener;
import org.astropool.pool.ProgressListener.Progress;
import org.astropool.task.Outcome;
import org.astropool.task.TaskList;
import org.jspecify.annotations.Nullable;

/** Evaluates points by a pool. Stateless. */
public final class EvaluationRunner {
    private static final double NANOS = 1e-9;

    private EvaluationRunner() {}

    /**
     * Evaluates all points. Those that fail do not end it; {@link RunSettings#stopWhenAllFail} failures without any
     * other outcome, or the loss of all workers, do: see {@link EvaluationRun#earlyEnd}.
     *
     * @throws PoolException when the pool was closed or failed
     */
    public static EvaluationRun run(Pool pool, EvaluationSpec spec, RunSettings settings, ProgressListener progress) {
        EvaluationResult result = new EvaluationResult(spec);
        LongToDoubleFunction costs = expectedCosts(spec);
        return run(
                pool,
                result,
                result.missing(),
                new RunControls(settings, new RunCancellation(), null, progress, costs));
    }

    /** The costs of the tasks as the model declares them; null when they all have the same cost. */
    static @Nullable LongToDoubleFunction expectedCosts(EvaluationSpec spec) {
        TaskList list = spec.labels().orElse(null);
        return list == null || !list.hasCosts() ? null : task -> list.cost((int) task);
    }

    /**
     * Evaluates some points.
     *
     * @param result to be filled
     * @param points the points to evaluate; existing outcomes are replaced
     */
    static EvaluationRun run(Pool pool, EvaluationResult result, BitSet points, RunControls controls) {
        EvaluationSpec spec = result.spec();
        BitSet failedBefore = result.pointsWith(PointStatus.FAILED);
        failedBefore.andNot(points);
        BitSet open = result.missing();
        open.or(points);
        long done = (long) result.points() - open.cardinality();
        CallOptions options = controls.callOptions(
                spec.seed(), new Progress(done, failedBefore.cardinality(), done + points.cardinality()));
        if (points.cardinality() < result.points()) {
            options = options.toBuilder().only(points).build();
        }
        long start = System.nanoTime();
        // Not the points without an outcome: points that are evaluated again already have one.
        BitSet left = (BitSet) points.clone();
        Optional<Termination> end;
        try (Stream<Outcome<Object>> outcomes =
                pool.batches(spec.function(), spec.points().size(), spec.batchSize(), options)) {
            end = collect(outcomes.iterator(), result, left, failureLimit(controls.settings(), pool.slots()));
        } catch (PoolException e) {
            end = Optional.of(earlyEnd(e));
        }
        double seconds = (System.nanoTime() - start) * NANOS;
        if (end.isEmpty() && !left.isEmpty()) {
            end = Optional.of(controls.stop().whyIncomplete());
        }
        return new EvaluationRun(result, pool.carrier(), pool.workers(), seconds, end, Optional.empty());
    }

    static Termination earlyEnd(PoolException e) {
        return switch (e.reason()) {
            case WORKERS_LOST -> new Termination(Cause.WORKERS_LOST, String.valueOf(e.getMessage()));
            case JOURNAL -> new Termination(Cause.NO_ROOM, String.valueOf(e.getMessage()));
            default -> throw e;
        };
    }

    /** After how many failures without any other outcome a run ends. */
    static long failureLimit(RunSettings settings, int slots) {
        return settings.stopWhenAllFail() == 0 ? Long.MAX_VALUE : Math.max(settings.stopWhenAllFail(), 2L * slots);
    }

    /** @param left the points without an outcome; those that get one are removed */
    private static Optional<Termination> collect(
            Iterator<Outcome<Object>> outcomes, EvaluationResult result, BitSet left, long failureLimit) {
        // Counts for the whole run, since the points that are left for a resume may be just those that fail.
        boolean allFailed = result.count(PointStatus.OK) + result.count(PointStatus.SKIPPED) == 0;
        long count = 0;
        while (outcomes.hasNext()) {
            Outcome<Object> outcome = outcomes.next();
            result.add(outcome);
            left.clear(Math.toIntExact(outcome.index()));
            count++;
            allFailed &= outcome instanceof Outcome.Failed;
            if (allFailed && count >= failureLimit && outcomes.hasNext()) {
                return Optional.of(new Termination(
                        Cause.ALL_FAILED,
                        "the first " + count + " points all failed; the last message: "
                                + Termination.shortMessage((Outcome.Failed<?>) outcome)));
            }
        }
        return Optional.empty();
    }
}
