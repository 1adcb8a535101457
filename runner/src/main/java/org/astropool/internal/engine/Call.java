package org.astropool.internal.engine;

import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.OutcomeBlock;
import org.astropool.internal.scheduler.CallPolicy;
import org.astropool.internal.scheduler.UnitOrder;
import org.astropool.pool.CancellationToken;
import org.astropool.pool.PoolException;
import org.jspecify.annotations.Nullable;

/**
 * A call as the driver sees it: what its tasks are evaluated with and who takes the outcomes.
 *
 * @param definition for the workers; its number identifies the call
 * @param totalTasks or -1 when not known beforehand
 * @param policy for the scheduler, in units (batches)
 * @param sink takes the outcomes
 * @param stop ends it before its end, or null
 */
record Call(
        Message.Define definition,
        long totalTasks,
        CallPolicy policy,
        UnitOrder order,
        Sink sink,
        @Nullable CancellationToken stop) {

    int number() {
        return definition.call();
    }

    /** The index of the first task of the unit at a position. */
    long firstTask(long position) {
        return order.unit(position) * definition.batch();
    }

    /** The position of the first input of the unit at a position; inputs are supplied in the order of handing out. */
    long firstInput(long position) {
        return position * definition.batch();
    }

    /** How many units hold so many tasks. */
    long unitsOf(long tasks) {
        return (tasks + definition.batch() - 1) / definition.batch();
    }

    /** How many tasks are in {@code units} units from a position on. */
    int tasks(long position, int units, long availableTasks) {
        long left = totalTasks >= 0 ? totalTasks - firstTask(position) : availableTasks - firstInput(position);
        return (int) Math.min((long) units * definition.batch(), left);
    }

    /** Takes what becomes of a call, on the communication thread: nothing here may block or run code of the user. */
    interface Sink {

        /** Final outcomes. */
        void arrived(Arrival arrival);

        /**
         * The communication thread has done what it had to do for now, and something happened to some call.
         *
         * @param wantedTasks the scheduler would like tasks to be available below this index
         */
        default void turnEnded(long wantedTasks) {}

        /** All outcomes have arrived. */
        void ended();

        /** The pool cannot go on. */
        void failed(PoolException cause);
    }

    /**
     * Final outcomes of consecutive tasks.
     *
     * @param firstTask index of the first
     * @param from position of the first in {@code outcomes}
     * @param to position behind the last
     */
    record Arrival(long firstTask, int from, int to, OutcomeBlock outcomes, int worker, String host, int attempt) {

        int count() {
            return to - from;
        }

        /** One of them alone. */
        Arrival only(int i) {
            return new Arrival(firstTask + i, from + i, from + i + 1, outcomes, worker, host, attempt);
        }

        /** Memory of the values, about. */
        long bytes() {
            return outcomes.values().bytes() * count() / Math.max(1, outcomes.count());
        }
    }
}
