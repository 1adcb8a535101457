package org.astropool.internal.job.run;

import java.util.List;
import java.util.Optional;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.pool.WorkerInfo;

/**
 * Points that were evaluated by a pool.
 *
 * @param carrier the carrier of the pool, with its version
 * @param workers the workers, with what each has evaluated
 * @param wallSeconds from the first point to the last
 * @param earlyEnd why the run ended early; empty when it did not
 * @param searchResult the result of a search; empty for other runs
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

    /** The same run, ended early for this reason. */
    EvaluationRun endedBy(Termination end) {
        return new EvaluationRun(result, carrier, workers, wallSeconds, Optional.of(end), searchResult);
    }

    /** Points that this run evaluated, without those of earlier runs. */
    public long evaluated() {
        return workers.stream().mapToLong(WorkerInfo::evaluated).sum();
    }

    /** Points with an outcome per second. */
    public double evaluationsPerSecond() {
        return wallSeconds > 0 ? evaluated() / wallSeconds : 0;
    }

    /** How long the model took to prepare, on the slowest worker. */
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
