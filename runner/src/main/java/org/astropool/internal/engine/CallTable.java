package org.astropool.internal.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import java.util.function.LongConsumer;
import org.astropool.internal.activity.PoolActivity;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.scheduler.Event;
import org.astropool.pool.CancellationToken;
import org.astropool.pool.PoolException;
import org.jspecify.annotations.Nullable;

/**
 * The calls under way by their numbers. What their callers ask for becomes events of the scheduler; for a call that is
 * over it has no effect. Belongs to the communication thread.
 */
final class CallTable {
    private final Map<Integer, OpenCall> calls = new HashMap<>();
    private final Consumer<Event> events;
    private final Executor requests;

    /**
     * @param events takes the events of the scheduler
     * @param requests runs what other threads ask for on the communication thread
     */
    CallTable(Consumer<Event> events, Executor requests) {
        this.events = events;
        this.requests = requests;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    @Nullable
    OpenCall get(int number) {
        return calls.get(number);
    }

    /**
     * Why slots are idle now.
     *
     * @param othersAreBusy whether chunks are under way
     */
    PoolActivity.Idle whyIdle(boolean othersAreBusy) {
        if (calls.isEmpty()) {
            return PoolActivity.Idle.NO_CALL;
        }
        for (OpenCall call : calls.values()) {
            if (call.hasUnsentUnits()) {
                return PoolActivity.Idle.HAND_OVER;
            }
        }
        return othersAreBusy ? PoolActivity.Idle.TAIL : PoolActivity.Idle.NO_TASK;
    }

    void open(Call call) {
        OpenCall open = new OpenCall(call);
        calls.put(call.number(), open);
        events.accept(new Event.CallOpened(call.number(), call.policy()));
        CancellationToken stop = call.stop();
        if (stop != null) {
            open.listen(stop, () -> requests.execute(() -> stop(call.number(), stop)));
            stop(call.number(), stop);
        }
    }

    private void stop(int number, CancellationToken stop) {
        if (stop.isAbandoned()) {
            cancel(number);
        } else if (stop.deadlineNanos() != Long.MAX_VALUE && calls.containsKey(number)) {
            events.accept(new Event.CallDraining(number, stop.deadlineNanos()));
        }
    }

    /** As {@link Driver#supply(int, ValueBlock, LongConsumer)}. */
    boolean supply(int number, ValueBlock inputs, LongConsumer position) {
        OpenCall open = calls.get(number);
        if (open == null) {
            return false;
        }
        long first = open.availableTasks();
        position.accept(first);
        open.append(inputs);
        supply(open, first + inputs.count());
        return true;
    }

    /** As {@link Driver#supply(int, long)}. */
    void supply(int number, long end) {
        OpenCall open = calls.get(number);
        if (open != null) {
            supply(open, end);
        }
    }

    private void supply(OpenCall open, long tasks) {
        open.setAvailableTasks(tasks);
        events.accept(new Event.UnitsAvailable(open.call().number(), open.availableUnits()));
    }

    void endOfInputs(int number) {
        if (calls.containsKey(number)) {
            events.accept(new Event.UnitsEnded(number));
        }
    }

    void cancel(int number) {
        if (calls.containsKey(number)) {
            events.accept(new Event.CallCancelled(number));
        }
    }

    /** A call cannot go on, others can. */
    void fail(int number, PoolException cause) {
        OpenCall open = calls.get(number);
        if (open != null) {
            open.call().sink().failed(cause);
            cancel(number);
        }
    }

    /** No call can go on. Returns their numbers. */
    List<Integer> failAll(PoolException cause) {
        List<Integer> numbers = List.copyOf(calls.keySet());
        calls.values().forEach(open -> open.fail(cause));
        calls.clear();
        return numbers;
    }

    /** @return the call that has ended, or null when it was over before */
    @Nullable
    OpenCall remove(int number) {
        return calls.remove(number);
    }

    /** @param demand how many more units of a call the scheduler would like to be available */
    void endTurn(IntToLongFunction demand) {
        calls.forEach((number, open) -> open.endTurn(demand.applyAsLong(number)));
    }
}
