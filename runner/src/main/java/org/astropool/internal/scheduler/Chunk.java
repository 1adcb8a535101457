package org.astropool.internal.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * One execution of units [first, first + count) of a call, from when it is sent until its worker answers or is lost.
 */
final class Chunk {
    final long id;
    final CallState call;
    final WorkerState worker;
    final long first;
    final int count;

    /** The history of its only unit, if that was handed out before. */
    final @Nullable UnitHistory history;

    /** How long it should take. */
    final long expectedNanos;

    /** When it is given up; only set for a chunk that has begun. */
    long deadline;

    /** Whether one of the worker's slots evaluates it, as far as can be known here. */
    boolean begun;

    /** Whether a slot counts as used by its call because of this chunk: see {@link WorkerState}. */
    boolean ownsSlot;

    /** Whether its answer is to be ignored. It still occupies its worker until that answers. */
    boolean givenUp;

    /** Whether it was recalled for an idle slot. */
    boolean recalled;

    /** Neighbours in the order of sending at this worker. */
    @Nullable
    Chunk previous;

    @Nullable
    Chunk next;

    Chunk(
            long id,
            WorkerState worker,
            CallState call,
            long first,
            int count,
            @Nullable UnitHistory history,
            long expectedNanos) {
        this.id = id;
        this.worker = worker;
        this.call = call;
        this.first = first;
        this.count = count;
        this.history = history;
        this.expectedNanos = expectedNanos;
    }

    int attempt() {
        return history == null ? 1 : history.executions() + 1;
    }

    boolean isOnLastChance() {
        return history != null && history.isOnLastChance();
    }

    boolean hasDeadline() {
        return begun && call.policy.unitTimeoutNanos() > 0;
    }

    boolean contains(long unit) {
        return unit >= first && unit < first + count;
    }
}
