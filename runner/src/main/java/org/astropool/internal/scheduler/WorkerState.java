package org.astropool.internal.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * A worker and its chunks in the order in which they were sent, which is the order in which it begins them.
 *
 * <p>Two marks run along this list. The first {@code slots} chunks have begun: their deadlines run. The last
 * {@code slots} ones own the slots: they say what the slots will be used for next, so the shares of the calls are
 * counted by them. (If the begun chunks were counted instead, a call could send chunks ahead to every worker before any
 * of them counted, and then hold all slots.)
 */
final class WorkerState {
    final int number;
    final int slots;

    /** Whether it gets no more chunks. */
    boolean leaving;

    /** Unanswered chunks that were given up: while there are any, it is unknown when the next chunk would begin. */
    int givenUp;

    /** Whether it has a unit that is on its last chance. */
    boolean hasLastChance;

    /** Its level in {@link IdleWorkers}, -1 when it is not there. */
    int hungerLevel = -1;

    /** How many free slots {@link IdleWorkers} counts for it. */
    int slotsCounted;

    /** Whether it is in {@link Prefetch}. */
    boolean lends;

    @Nullable
    WorkerState previousHungry;

    @Nullable
    WorkerState nextHungry;

    private int size;
    private long expectedNanos;

    private @Nullable Chunk head;
    private @Nullable Chunk tail;
    private @Nullable Chunk nextToBegin;
    private int begun;
    private @Nullable Chunk oldestOwner;
    private int owners;

    WorkerState(int number, int slots) {
        this.number = number;
        this.slots = slots;
    }

    /** How many chunks it has not answered. */
    int size() {
        return size;
    }

    /** How many of its chunks are being evaluated, as far as is known here. */
    int begun() {
        return begun;
    }

    boolean hasFreeSlot() {
        return size < slots;
    }

    int freeSlots() {
        return Math.max(0, slots - size);
    }

    /** How long each slot should be busy with what was sent. */
    double expectedNanosPerSlot() {
        return (double) expectedNanos / slots;
    }

    @Nullable
    Chunk first() {
        return head;
    }

    /**
     * An unanswered chunk, or null. Usually the first: answers arrive in order, except when slots overtake each other.
     */
    @Nullable
    Chunk find(long id) {
        Chunk chunk = head;
        while (chunk != null && chunk.id != id) {
            chunk = chunk.next;
        }
        return chunk;
    }

    /** The oldest chunk that has not begun. */
    @Nullable
    Chunk firstWaiting() {
        return nextToBegin;
    }

    /** The chunk that was sent last among those that wait and are neither given up nor recalled, or null. */
    @Nullable
    Chunk lastWaiting() {
        Chunk chunk = tail;
        while (chunk != null && !chunk.begun && (chunk.recalled || chunk.givenUp)) {
            chunk = chunk.previous;
        }
        return chunk == null || chunk.begun ? null : chunk;
    }

    /** The call whose slot the next chunk takes over, or null when it takes an unused one. */
    @Nullable
    CallState nextToYield() {
        return owners < slots || oldestOwner == null ? null : oldestOwner.call;
    }

    /** Adds a chunk, which takes over a slot: see {@link #nextToYield}. */
    void add(Chunk chunk) {
        chunk.previous = tail;
        if (tail == null) {
            head = chunk;
        } else {
            tail.next = chunk;
        }
        tail = chunk;
        size++;
        expectedNanos += chunk.expectedNanos;
        hasLastChance |= chunk.isOnLastChance();
        if (nextToBegin == null) {
            nextToBegin = chunk;
        }
        if (owners == slots && oldestOwner != null) {
            disown(oldestOwner);
        }
        if (oldestOwner == null) {
            oldestOwner = chunk;
        }
        chunk.ownsSlot = true;
        chunk.call.slots++;
        owners++;
    }

    /** Removes a chunk that was answered. */
    void remove(Chunk chunk) {
        disown(chunk);
        if (chunk == nextToBegin) {
            nextToBegin = chunk.next;
        }
        if (chunk.begun) {
            begun--;
        }
        if (chunk.givenUp) {
            givenUp--;
        }
        if (chunk.isOnLastChance()) {
            hasLastChance = false;
        }
        expectedNanos -= chunk.expectedNanos;
        size--;
        unlink(chunk);
    }

    /** The chunk's call does not use a slot for it any more. */
    void disown(Chunk chunk) {
        if (!chunk.ownsSlot) {
            return;
        }
        chunk.ownsSlot = false;
        chunk.call.slots--;
        owners--;
        if (chunk == oldestOwner) {
            oldestOwner = nextOwner(chunk);
        }
    }

    /** The next chunk that must have begun because a slot has nothing else to do, or null. */
    @Nullable
    Chunk begin() {
        Chunk chunk = nextToBegin;
        if (chunk == null || begun == slots) {
            return null;
        }
        nextToBegin = chunk.next;
        chunk.begun = true;
        begun++;
        return chunk;
    }

    private static @Nullable Chunk nextOwner(Chunk chunk) {
        Chunk next = chunk.next;
        while (next != null && !next.ownsSlot) {
            next = next.next;
        }
        return next;
    }

    private void unlink(Chunk chunk) {
        if (chunk.previous == null) {
            head = chunk.next;
        } else {
            chunk.previous.next = chunk.next;
        }
        if (chunk.next == null) {
            tail = chunk.previous;
        } else {
            chunk.next.previous = chunk.previous;
        }
    }
}
