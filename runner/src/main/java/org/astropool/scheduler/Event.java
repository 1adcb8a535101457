package org.astropool.scheduler;

/**
 * What happens to the {@link Scheduler}. Units are the atoms of scheduling: fixed batches of tasks (of one task, mostly).
 * The units of a call are numbered from 0 in the order in which they are to be handed out.
 */
public sealed interface Event {

    /**
     * A worker offers slots: so many chunks can be evaluated there at a time.
     *
     * @param worker from 0, best without gaps: an index
     */
    record WorkerJoined(int worker, int slots) implements Event {}

    /** A worker wants to leave: it gets no more chunks, those that it has are awaited. */
    record WorkerLeaving(int worker) implements Event {}

    /** A worker is gone, and what it had with it. */
    record WorkerLost(int worker) implements Event {}

    /**
     * A call begins; none of its units is available yet.
     *
     * @param call a number not used before
     */
    record CallOpened(int call, CallPolicy policy) implements Event {}

    /**
     * Units below {@code end} may be handed out from now on.
     *
     * @param end grows from event to event
     */
    record UnitsAvailable(int call, long end) implements Event {}

    /** The call has no more units than those that are available. */
    record UnitsEnded(int call) implements Event {}

    /** Nobody wants the rest of the call. */
    record CallCancelled(int call) implements Event {}

    /**
     * A worker has sent back a chunk.
     *
     * @param busyNanos how long the worker evaluated it
     * @param failedUnits units of this chunk that may be tried again, in ascending order; mostly empty
     */
    record ChunkFinished(int worker, long chunk, long busyNanos, long[] failedUnits) implements Event {}

    /** Time has passed. */
    record Tick() implements Event {}
}
