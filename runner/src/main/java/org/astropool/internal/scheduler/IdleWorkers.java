package org.astropool.internal.scheduler;

import java.util.BitSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The workers that can use another chunk, those with the least work first: workers with a free slot by the number of
 * their chunks (breadth first), then workers that will run out of work before an answer and the next chunk have been
 * transferred, then workers that would lose a round trip worth saving. Equal workers are served in rotation.
 *
 * <p>Linked lists through the workers themselves, one a level: with 10^5 workers most time is spent on loading data
 * that is not in the processor's caches, and the worker is loaded anyway.
 */
final class IdleWorkers {
    private static final int NOT_HUNGRY = -1;
    private static final int SOON_IDLE = 254;
    private static final int AHEAD = 255;

    private final SchedulerOptions options;
    private final @Nullable WorkerState[] first = new WorkerState[AHEAD + 1];
    private final @Nullable WorkerState[] last = new WorkerState[AHEAD + 1];
    private final BitSet occupied = new BitSet();
    private int freeSlots;

    IdleWorkers(SchedulerOptions options) {
        this.options = options;
    }

    /** Moves a worker to its current place, behind its equals. */
    void update(WorkerState worker) {
        remove(worker);
        int level = level(worker);
        if (level != NOT_HUNGRY) {
            append(worker, level);
            worker.slotsCounted = worker.freeSlots();
            freeSlots += worker.slotsCounted;
        }
    }

    void remove(WorkerState worker) {
        if (worker.hungerLevel != NOT_HUNGRY) {
            unlink(worker, worker.hungerLevel);
            freeSlots -= worker.slotsCounted;
            worker.slotsCounted = 0;
        }
    }

    /** How many slots of all workers have nothing to do. */
    int freeSlots() {
        return freeSlots;
    }

    @Nullable
    WorkerState first() {
        int level = occupied.nextSetBit(0);
        return level < 0 ? null : first[level];
    }

    @Nullable
    WorkerState first(Predicate<WorkerState> condition) {
        for (int level = occupied.nextSetBit(0); level >= 0; level = occupied.nextSetBit(level + 1)) {
            for (WorkerState worker = first[level]; worker != null; worker = worker.nextHungry) {
                if (condition.test(worker)) {
                    return worker;
                }
            }
        }
        return null;
    }

    /** Whether a chunk for this worker would wait longer than a round trip: so it can be sent later as well. */
    static boolean isAhead(WorkerState worker) {
        return worker.hungerLevel == AHEAD;
    }

    private int level(WorkerState worker) {
        if (worker.leaving) {
            return NOT_HUNGRY;
        }
        if (worker.hasFreeSlot()) {
            return Math.min(worker.size(), SOON_IDLE - 1);
        }
        if (worker.givenUp > 0) {
            return NOT_HUNGRY;
        }
        double wait = worker.expectedNanosPerSlot();
        int waiting = worker.size() - worker.slots;
        if (wait < options.roundTripNanos() && waiting < options.maxWaiting()) {
            return SOON_IDLE;
        }
        return wait < options.longestWaitNanos() && waiting < worker.slots ? AHEAD : NOT_HUNGRY;
    }

    private void append(WorkerState worker, int level) {
        WorkerState before = last[level];
        worker.previousHungry = before;
        if (before == null) {
            first[level] = worker;
            occupied.set(level);
        } else {
            before.nextHungry = worker;
        }
        last[level] = worker;
        worker.hungerLevel = level;
    }

    private void unlink(WorkerState worker, int level) {
        WorkerState before = worker.previousHungry;
        WorkerState after = worker.nextHungry;
        if (before == null) {
            first[level] = after;
        } else {
            before.nextHungry = after;
        }
        if (after == null) {
            last[level] = before;
        } else {
            after.previousHungry = before;
        }
        if (first[level] == null) {
            occupied.clear(level);
        }
        worker.previousHungry = null;
        worker.nextHungry = null;
        worker.hungerLevel = NOT_HUNGRY;
    }
}
