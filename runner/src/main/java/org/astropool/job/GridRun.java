package org.astropool.job;

import java.util.List;
import java.util.Optional;
import org.astropool.pool.WorkerInfo;

/**
 * A grid that was evaluated by a pool.
 *
 * @param carrier of the pool, with its version
 * @param workers and what each of them did
 * @param wallSeconds from the first point to the last
 * @param endedBecause why the run ended before its end; empty when it did not
 */
public record GridRun(
        GridResult result,
        String carrier,
        List<WorkerInfo> workers,
        double wallSeconds,
        Optional<String> endedBecause) {

    public boolean isComplete() {
        return endedBecause.isEmpty();
    }

    /** Points with an outcome a second. */
    public double evaluationsPerSecond() {
        int evaluated = result.points() - result.count(PointStatus.MISSING);
        return wallSeconds > 0 ? evaluated / wallSeconds : 0;
    }

    /** How busy the workers' threads were, from 0 to 1. */
    public double busyFraction() {
        double busy = workers.stream().mapToDouble(WorkerInfo::busySeconds).sum();
        int threads = workers.stream().mapToInt(WorkerInfo::threads).sum();
        return wallSeconds > 0 && threads > 0 ? Math.min(1, busy / (wallSeconds * threads)) : 0;
    }

    /** Name of the host of a worker, "" when there is no such worker. */
    String host(int worker) {
        return workers.stream()
                .filter(info -> info.number() == worker)
                .map(WorkerInfo::host)
                .findFirst()
                .orElse("");
    }
}
