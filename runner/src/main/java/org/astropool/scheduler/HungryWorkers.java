package org.astropool.scheduler;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The workers that can use another chunk, the emptiest first: those with a free slot by how many chunks they have
 * (breadth first), then those that will have nothing to do before an answer and the next chunk have travelled, then those
 * that would lose a round trip worth saving. Equals take turns.
 */
final class HungryWorkers {
    private static final int NOT_HUNGRY = -1;
    private static final int SOON_IDLE = 254;
    private static final int AHEAD = 255;

    private final SchedulerOptions options;
    private final List<Set<WorkerState>> levels = new ArrayList<>();
    private final BitSet occupied = new BitSet();

    HungryWorkers(SchedulerOptions options) {
        this.options = options;
        for (int level = 0; level <= AHEAD; level++) {
            levels.add(new LinkedHashSet<>());
        }
    }

    /** Puts a worker where it belongs now, behind its equals. */
    void update(WorkerState worker) {
        remove(worker);
        int level = level(worker);
        if (level != NOT_HUNGRY) {
            levels.get(level).add(worker);
            occupied.set(level);
            worker.appetiteLevel = level;
        }
    }

    void remove(WorkerState worker) {
        int level = worker.appetiteLevel;
        if (level != NOT_HUNGRY) {
            Set<WorkerState> equals = levels.get(level);
            equals.remove(worker);
            if (equals.isEmpty()) {
                occupied.clear(level);
            }
            worker.appetiteLevel = NOT_HUNGRY;
        }
    }

    @Nullable
    WorkerState first() {
        int level = occupied.nextSetBit(0);
        return level < 0 ? null : levels.get(level).iterator().next();
    }

    @Nullable
    WorkerState first(Predicate<WorkerState> condition) {
        for (int level = occupied.nextSetBit(0); level >= 0; level = occupied.nextSetBit(level + 1)) {
            for (WorkerState worker : levels.get(level)) {
                if (condition.test(worker)) {
                    return worker;
                }
            }
        }
        return null;
    }

    /** Whether a chunk for this worker would wait longer than a round trip: it can as well be sent later. */
    static boolean isAhead(WorkerState worker) {
        return worker.appetiteLevel == AHEAD;
    }

    int level(WorkerState worker) {
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
}
