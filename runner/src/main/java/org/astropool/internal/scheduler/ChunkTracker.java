package org.astropool.internal.scheduler;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Follows the chunks under way: when they begin, which gives them a deadline, and when their fate is decided, by an
 * answer, a loss, or because they are given up. Gives up those that are overdue.
 */
final class ChunkTracker {
    private final SchedulerOptions options;
    private final WorkerRegistry workers;
    private final CallRegistry calls;
    private final RetryQueue retries;
    private final List<Command> commands;
    private final TreeSet<Chunk> deadlines = new TreeSet<>(
            Comparator.<Chunk>comparingLong(chunk -> chunk.deadline).thenComparingLong(chunk -> chunk.id));

    ChunkTracker(
            SchedulerOptions options,
            WorkerRegistry workers,
            CallRegistry calls,
            RetryQueue retries,
            List<Command> commands) {
        this.options = options;
        this.workers = workers;
        this.calls = calls;
        this.retries = retries;
        this.commands = commands;
    }

    /** To be called after each change of a worker's chunks: those begin for which the worker has a slot. */
    void begin(WorkerState worker, long now) {
        for (Chunk chunk = worker.begin(); chunk != null; chunk = worker.begin()) {
            if (chunk.hasDeadline() && !chunk.givenUp) {
                chunk.deadline = now + allowedNanos(chunk);
                deadlines.add(chunk);
            }
        }
    }

    private long allowedNanos(Chunk chunk) {
        double nanos = (double) chunk.count * chunk.call.policy.unitTimeoutNanos() + options.deadlineSlackNanos();
        return (long) Math.min(nanos, 0.25 * Long.MAX_VALUE);
    }

    /** The fate of this execution is decided: it is answered, lost or given up. */
    void settle(Chunk chunk) {
        chunk.call.underWay--;
        workers.prefetch.settled(chunk);
        if (chunk.hasDeadline()) {
            deadlines.remove(chunk);
        }
    }

    /** Gives up a chunk: its answer is going to be ignored, and it occupies its worker until then. */
    void withdraw(Chunk chunk) {
        settle(chunk);
        chunk.givenUp = true;
        chunk.worker.disown(chunk);
        chunk.worker.givenUp++;
        workers.update(chunk.worker);
        commands.add(new Command.Withdraw(chunk.worker.number, chunk.id));
    }

    void giveUpOverdueChunks(long now) {
        while (!deadlines.isEmpty() && deadlines.first().deadline <= now) {
            giveUpOverdue(deadlines.first());
        }
    }

    private void giveUpOverdue(Chunk chunk) {
        withdraw(chunk);
        if (chunk.count == 1) {
            commands.add(new Command.Expire(chunk.call.number, chunk.first, chunk.attempt()));
        } else {
            retries.addWithdrawn(chunk);
        }
        calls.update(chunk.call);
        // Its slot may hang for ever, and chunks that wait behind it have no deadline before they begin.
        for (Chunk waiting = chunk.worker.firstWaiting(); waiting != null; waiting = waiting.next) {
            if (!waiting.givenUp) {
                withdraw(waiting);
                retries.addWithdrawn(waiting);
                calls.update(waiting.call);
            }
        }
    }

    /** The chunks that have a deadline; for tests. */
    Set<Chunk> deadlines() {
        return Collections.unmodifiableSet(deadlines);
    }
}
