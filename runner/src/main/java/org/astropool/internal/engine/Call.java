package org.astropool.internal.engine;

import java.util.Collections;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.NoResult;
import org.astropool.internal.protocol.OutcomeBlock;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.scheduler.CallPolicy;
import org.astropool.internal.scheduler.UnitOrder;
import org.astropool.pool.CancellationToken;
import org.astropool.pool.PoolException;
import org.astropool.task.TaskFailure;
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

        /** All tasks from a first one on fail without an answer of a worker, for a common reason. */
        static Arrival failed(long firstTask, int tasks, TaskFailure failure, @Nullable Worker worker, int attempt) {
            return new Arrival(
                    firstTask,
                    0,
                    tasks,
                    allFailed(tasks, failure),
                    worker == null ? -1 : worker.number(),
                    worker == null ? "" : worker.host(),
                    attempt);
        }

        static OutcomeBlock allFailed(int tasks, TaskFailure failure) {
            return new OutcomeBlock(
                    new float[tasks], Collections.nCopies(tasks, new NoResult.Failed(failure)), ValueBlock.nothing(0));
        }

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
