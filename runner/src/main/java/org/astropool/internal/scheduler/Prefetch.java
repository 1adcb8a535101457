package org.astropool.internal.scheduler;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The workers at which chunks wait behind long ones and can be recalled for slots that would be idle, in the order in
 * which they got such chunks.
 */
final class Prefetch {
    private final Set<WorkerState> workers = new LinkedHashSet<>();
    private final SchedulerOptions options;
    private int recalls;

    Prefetch(SchedulerOptions options) {
        this.options = options;
    }

    /** To be called after each change of a worker. */
    void update(WorkerState worker) {
        boolean lends = !worker.leaving && worker.lastWaiting() != null && waitsLong(worker);
        if (lends != worker.lends) {
            worker.lends = lends;
            if (lends) {
                workers.add(worker);
            } else {
                workers.remove(worker);
            }
        }
    }

    /** A chunk behind less than a round trip of work begins before it could be recalled. */
    private boolean waitsLong(WorkerState worker) {
        Chunk running = worker.first();
        return running != null
                && Math.max(running.expectedNanos, running.call.sizer.longestNanos()) >= options.roundTripNanos();
    }

    void remove(WorkerState worker) {
        worker.lends = false;
        workers.remove(worker);
    }

    /** A chunk to be recalled, or null. */
    @Nullable
    Chunk recall() {
        if (workers.isEmpty()) {
            return null;
        }
        WorkerState worker = workers.iterator().next();
        Chunk chunk = worker.lastWaiting();
        if (chunk != null) {
            chunk.recalled = true;
            recalls++;
            update(worker);
        }
        return chunk;
    }

    /** How many chunks were recalled and have been neither returned nor answered yet. */
    int recalls() {
        return recalls;
    }

    void settled(Chunk chunk) {
        if (chunk.recalled) {
            recalls--;
        }
    }
}
