package org.astropool.internal.engine;

import java.util.BitSet;
import java.util.List;
import org.astropool.internal.protocol.OutcomeBlock;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.pool.CancellationToken;
import org.astropool.pool.PoolException;
import org.astropool.task.TaskFailure;
import org.jspecify.annotations.Nullable;

/**
 * A call under way: its inputs, how much of it has been sent, and the way of its outcomes to the caller. Belongs to the
 * communication thread.
 */
final class OpenCall {
    private final Call call;
    private final Inputs inputs = new Inputs();
    private @Nullable Runnable stopListener;
    private long availableTasks;
    private long sentUnits;
    /** Numbers of the workers that could prepare the function. */
    private final BitSet prepared = new BitSet();

    OpenCall(Call call) {
        this.call = call;
    }

    Call call() {
        return call;
    }

    long availableTasks() {
        return availableTasks;
    }

    /** How many units hold the tasks that may be evaluated. */
    long availableUnits() {
        return call.unitsOf(availableTasks);
    }

    void setAvailableTasks(long tasks) {
        availableTasks = tasks;
    }

    void append(ValueBlock values) {
        inputs.append(values);
    }

    /** Drops an input that was supplied alone. Returns whether it has been sent to a worker before. */
    boolean withdraw(long position) {
        inputs.withdraw(position);
        return position < sentUnits;
    }

    int tasks(long firstUnit, int units) {
        return call.tasks(firstUnit, units, availableTasks);
    }

    /** The inputs of tasks from a unit on; none for an indexed call. */
    List<ValueBlock> inputs(long firstUnit, int tasks) {
        return call.definition().indexed() ? List.of() : inputs.get(call.firstInput(firstUnit), tasks);
    }

    /** Whether there are units that no worker has been sent, also if they are yet to be made available. */
    boolean hasUnsentUnits() {
        return sentUnits < Math.max(availableUnits(), call.policy().totalUnits());
    }

    void markSent(long endUnit) {
        sentUnits = Math.max(sentUnits, endUnit);
    }

    /** A worker has prepared the function. */
    void preparedBy(Worker worker) {
        prepared.set(worker.number());
    }

    boolean isPreparedBy(Worker worker) {
        return prepared.get(worker.number());
    }

    /**
     * Hands over final outcomes of the tasks from a unit on.
     *
     * @param from position of the first in {@code outcomes}
     * @param to position behind the last
     */
    void deliver(long firstUnit, int from, int to, OutcomeBlock outcomes, Worker worker, int attempt) {
        finishInputs(firstUnit, to - from);
        call.sink()
                .arrived(new Call.Arrival(
                        call.firstTask(firstUnit), from, to, outcomes, worker.number(), worker.host(), attempt));
    }

    /** The scheduler gave up a unit: its tasks fail without an answer. */
    void failUnit(long unit, TaskFailure failure, @Nullable Worker worker, int attempts) {
        int tasks = tasks(unit, 1);
        finishInputs(unit, tasks);
        call.sink().arrived(Call.Arrival.failed(call.firstTask(unit), tasks, failure, worker, attempts));
    }

    private void finishInputs(long firstUnit, int tasks) {
        if (!call.definition().indexed()) {
            inputs.finish(call.firstInput(firstUnit), tasks);
        }
    }

    /** @param demand how many more units the scheduler would like to be available */
    void endTurn(long demand) {
        call.sink().turnEnded((sentUnits + demand) * call.definition().batch());
    }

    /** Has a listener called, from any thread, when the token changes that may end this call. */
    void listen(CancellationToken stop, Runnable listener) {
        stopListener = listener;
        stop.addListener(listener);
    }

    void end() {
        removeListener();
        call.sink().ended();
    }

    void fail(PoolException cause) {
        removeListener();
        call.sink().failed(cause);
    }

    private void removeListener() {
        CancellationToken stop = call.stop();
        if (stop != null && stopListener != null) {
            stop.removeListener(stopListener);
        }
    }
}
