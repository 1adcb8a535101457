package org.astropool.internal.scheduler;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A call that has not ended: a cursor through its units, the units to be retried, and its chunks under way. */
final class CallState {
    final int number;
    final CallPolicy policy;
    final ChunkSizer sizer;

    /** How many slots of the workers are used for it. */
    int slots;

    /** When it was served last, as a count of chunks: unique. */
    long turn;

    /** Chunks under way, without those that were given up. */
    int underWay;

    /**
     * How many units of this call are on their last chance and wait for a worker without another such unit; the
     * scheduler keeps them.
     */
    int lastChances;

    /** Its position in {@link ReadyCalls}. */
    boolean ranked;

    int rankedSlots;
    long rankedTurn;

    private final Deque<UnitHistory> retries = new ArrayDeque<>();
    private final Deque<UnitRange> returned = new ArrayDeque<>();
    private long cursor;
    private long available;
    private boolean complete;
    private boolean drained;
    private long lastEnd = Long.MAX_VALUE;

    CallState(int number, CallPolicy policy, SchedulerOptions options, long turn) {
        this.number = number;
        this.policy = policy;
        this.sizer = new ChunkSizer(policy, options);
        this.turn = turn;
        this.complete = policy.totalUnits() == 0;
    }

    void makeAvailable(long end) {
        if (end < available || (policy.totalUnits() >= 0 && end > policy.totalUnits())) {
            throw new IllegalArgumentException("Call %d has %d units available of %d (-1: unknown); %d cannot be next"
                    .formatted(number, available, policy.totalUnits(), end));
        }
        available = end;
        complete |= available == policy.totalUnits();
    }

    void complete() {
        complete = true;
    }

    boolean isComplete() {
        return complete || drained;
    }

    /** Units that could end no later than this may still begin. */
    void drain(long lastEndNanos) {
        lastEnd = lastEndNanos;
    }

    /** Nothing of this call begins any more. */
    void beginNothing() {
        drained = true;
    }

    boolean beginsNothing() {
        return drained;
    }

    /** Whether a chunk that begins then should end in time; this is unknown before the first one was measured. */
    boolean mayBegin(long nanos) {
        return lastEnd == Long.MAX_VALUE || nanos + sizer.longestNanos() < lastEnd;
    }

    boolean hasWork() {
        return !drained && (!retries.isEmpty() || !returned.isEmpty() || cursor < available);
    }

    boolean isDone() {
        return (complete || drained) && !hasWork() && underWay == 0 && lastChances == 0;
    }

    void retry(UnitHistory history) {
        retries.add(history);
    }

    @Nullable
    UnitHistory nextRetry() {
        return retries.poll();
    }

    void giveBack(UnitRange units) {
        returned.add(units);
    }

    /** Units that were handed out in a chunk that never began, or null. */
    @Nullable
    UnitRange nextReturned() {
        return returned.poll();
    }

    /**
     * Takes the next units that were never handed out, at least one if there is one.
     *
     * @param isAlone whether no other call is open
     */
    int takeFresh(int slotsOfAll, boolean isAlone) {
        long end = Math.min(available, policy.order().endOfRun(cursor));
        int count = (int) Math.min(sizer.units(cursor, remaining(), slotsOfAll, isAlone), end - cursor);
        cursor += count;
        return count;
    }

    /** The first unit that was not handed out yet. */
    long cursor() {
        return cursor;
    }

    boolean hasPlenty(int slotsOfAll) {
        return sizer.isPlenty(remaining(), slotsOfAll);
    }

    /** How many units are left to be handed out for the first time, {@code Long.MAX_VALUE} when that is unknown. */
    long remaining() {
        if (complete) {
            return available - cursor;
        }
        return policy.totalUnits() >= 0 ? policy.totalUnits() - cursor : Long.MAX_VALUE;
    }
}
