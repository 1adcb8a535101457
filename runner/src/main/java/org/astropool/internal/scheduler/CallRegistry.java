package org.astropool.internal.scheduler;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls that have not ended, and those of them that have units to hand out ({@link ReadyCalls}). */
final class CallRegistry {
    final ReadyCalls ready = new ReadyCalls();

    private final SchedulerOptions options;
    private final List<Command> commands;
    private final Map<Integer, CallState> calls = new HashMap<>();
    private long turns;

    /** @param commands receives a command for each call that ends */
    CallRegistry(SchedulerOptions options, List<Command> commands) {
        this.options = options;
        this.commands = commands;
    }

    @Nullable
    CallState get(int number) {
        return calls.get(number);
    }

    /** Whether exactly one call is open. */
    boolean hasOne() {
        return calls.size() == 1;
    }

    void open(int number, CallPolicy policy) {
        CallState call = new CallState(number, policy, options, ++turns);
        if (calls.putIfAbsent(number, call) != null) {
            throw new IllegalArgumentException("Call %d is open already".formatted(number));
        }
        update(call);
    }

    /** Removes a call, without a command. */
    @Nullable
    CallState remove(int number) {
        CallState call = calls.remove(number);
        if (call != null) {
            ready.remove(call);
        }
        return call;
    }

    /**
     * To be called after each change of a call: moves it to its place among the others, and ends it when it is done.
     */
    void update(CallState call) {
        if (calls.get(call.number) != call) {
            return;
        }
        ready.update(call);
        if (call.isDone()) {
            calls.remove(call.number);
            commands.add(new Command.CallEnded(call.number));
        }
    }

    /** To be called when the call was sent a chunk: it is now the one that was served last. */
    void served(CallState call) {
        call.turn = ++turns;
        ready.update(call);
    }

    /** For tests. */
    Collection<CallState> open() {
        return calls.values();
    }
}
