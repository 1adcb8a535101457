package org.astropool.internal.job.run;

import java.util.List;
import java.util.Optional;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.SearchResult;
import org.astropool.pool.WorkerInfo;

/**
 * Points that were evaluated by a pool.
 *
 * @param carrier of the pool, with its version
 * @param workers and what each of them did
 * @param wallSeconds from the first point to the last
 * @param earlyEnd why the run ended before its end; empty when it did not
 * @param searchResult what a search has found; empty for points that were given
 */
public record EvaluationRun(
        EvaluationResult result,
        String carrier,
        List<WorkerInfo> workers,
        double wallSeconds,
        Optional<Termination> earlyEnd,
        Optional<SearchResult> searchResult) {

    public boolean isComplete() {
        return earlyEnd.isEmpty();
    }

    /** The same run, which could not come to its end after all. */
    EvaluationRun endedBy(Termination end) {
        return new EvaluationRun(result, carrier, workers, wallSeconds, Optional.of(end), searchResult);
    }

    /** Points that this run evaluated, without those of earlier runs. */
    public long evaluated() {
        return workers.stream().mapToLong(WorkerInfo::evaluated).sum();
    }

    /** Points with an outcome a second. */
    public double evaluationsPerSecond() {
        return wallSeconds > 0 ? evaluated() / wallSeconds : 0;
    }

    /** How long a thread waited until the model was ready, on the worker where it took longest. */
    public double preparingSeconds() {
        return workers.stream()
                .mapToDouble(worker -> worker.preparingSeconds() / worker.threads())
                .max()
                .orElse(0);
    }

    /** How busy the workers' threads were, from 0 to 1. */
    public double busyFraction() {
        double busy = workers.stream().mapToDouble(WorkerInfo::busySeconds).sum();
        int threads = workers.stream().mapToInt(WorkerInfo::threads).sum();
        return wallSeconds > 0 && threads > 0 ? Math.min(1, busy / (wallSeconds * threads)) : 0;
    }
}
