package org.astropool.internal.scheduler;

import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The calls that have units to hand out, in the order in which they are to be served: fewest slots first, then those
 * that have waited longest. This is what makes calls share the workers fairly: each takes slots until it has as many as
 * the others, and a call that needs none is not in this set, so the others get them.
 */
final class ReadyCalls {

    /** Ordered by copies of the numbers, which only change while a call is not in the set. */
    private final TreeSet<CallState> ranking = new TreeSet<>(
            Comparator.<CallState>comparingInt(call -> call.rankedSlots).thenComparingLong(call -> call.rankedTurn));

    /** Moves a call to its current place; to be called after each change of it. */
    void update(CallState call) {
        boolean ready = call.hasWork();
        if (call.ranked && ready && call.rankedSlots == call.slots && call.rankedTurn == call.turn) {
            return;
        }
        remove(call);
        if (ready) {
            call.rankedSlots = call.slots;
            call.rankedTurn = call.turn;
            ranking.add(call);
            call.ranked = true;
        }
    }

    void remove(CallState call) {
        if (call.ranked) {
            ranking.remove(call);
            call.ranked = false;
        }
    }

    boolean isEmpty() {
        return ranking.isEmpty();
    }

    /**
     * The call to serve next.
     *
     * @param yielding the call that would give up one of its slots for it, or null
     */
    @Nullable
    CallState next(@Nullable CallState yielding) {
        if (ranking.isEmpty()) {
            return null;
        }
        CallState fewest = ranking.first();
        if (yielding == null || !yielding.ranked) {
            return fewest;
        }
        int slotsThen = yielding.slots - 1;
        boolean keeps = slotsThen < fewest.slots || (slotsThen == fewest.slots && yielding.turn <= fewest.turn);
        return keeps ? yielding : fewest;
    }
}
