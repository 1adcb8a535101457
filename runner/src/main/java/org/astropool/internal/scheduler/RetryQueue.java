package org.astropool.internal.scheduler;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * Decides what happens to the units of a chunk that has ended without a result for them: they are handed out again by
 * their call, wait here for a worker without another unit on its last chance, are quarantined, or remain without an
 * outcome because their call begins nothing any more.
 *
 * <p>Callers settle the chunk first, and update its call afterwards.
 */
final class RetryQueue {
    private static final long[] NO_UNITS = {};

    private final List<Command> commands;
    private final Deque<UnitHistory> lastChances = new ArrayDeque<>();

    /** @param commands receives a command for each unit that is quarantined */
    RetryQueue(List<Command> commands) {
        this.commands = commands;
    }

    /**
     * The worker was lost while it evaluated the chunk.
     *
     * @param alone whether nothing else can have been the cause of the loss than the only unit of this chunk
     */
    void addLost(Chunk chunk, boolean alone) {
        for (long unit = chunk.first; unit < chunk.first + chunk.count; unit++) {
            UnitHistory before = UnitHistory.before(chunk, unit);
            UnitHistory history = before.lost();
            boolean surelyGuilty = alone || before.isSuspect();
            if (surelyGuilty && history.losses() >= chunk.call.policy.maxLosses()) {
                commands.add(new Command.Quarantine(chunk.call.number, unit, history.losses()));
            } else {
                add(history);
            }
        }
    }

    /**
     * Some units of a chunk that was answered have failed.
     *
     * @return those that are tried again
     */
    long[] addFailed(Chunk chunk, long[] failedUnits) {
        if (failedUnits.length == 0) {
            return NO_UNITS;
        }
        long[] retried = new long[failedUnits.length];
        int count = 0;
        for (long unit : failedUnits) {
            UnitHistory history = UnitHistory.before(chunk, unit).failed();
            if (history.mayTryAgain()) {
                retried[count++] = unit;
                add(history);
            }
        }
        return Arrays.copyOf(retried, count);
    }

    /** The chunk was given up: this counts as an attempt, but neither as a failure nor as a loss. */
    void addWithdrawn(Chunk chunk) {
        for (long unit = chunk.first; unit < chunk.first + chunk.count; unit++) {
            add(UnitHistory.before(chunk, unit).withdrawn());
        }
    }

    /** The worker has returned the chunk before it began, so this does not count as an attempt. */
    void addReturned(Chunk chunk) {
        if (chunk.history != null) {
            add(chunk.history);
        } else if (!chunk.call.beginsNothing()) {
            chunk.call.giveBack(new UnitRange(chunk.first, chunk.count));
        }
    }

    /** The chunk was too large to be sent: it is divided into halves. */
    void addHalves(Chunk chunk) {
        if (!chunk.call.beginsNothing()) {
            int half = chunk.count / 2;
            chunk.call.giveBack(new UnitRange(chunk.first, half));
            chunk.call.giveBack(new UnitRange(chunk.first + half, chunk.count - half));
        }
    }

    private void add(UnitHistory history) {
        if (history.call().beginsNothing()) {
            return; // it remains without an outcome
        }
        if (history.isOnLastChance()) {
            history.call().lastChances++;
            lastChances.add(history);
        } else {
            history.call().retry(history);
        }
    }

    /** Whether units on their last chance wait for a worker. */
    boolean hasLastChances() {
        return !lastChances.isEmpty();
    }

    /** Takes the unit on its last chance that has waited longest; there must be one. */
    UnitHistory nextLastChance() {
        UnitHistory history = lastChances.remove();
        history.call().lastChances--;
        return history;
    }

    /** Drops the units of a call that are on their last chance. */
    void dropLastChances(CallState call) {
        if (call.lastChances > 0) {
            lastChances.removeIf(history -> history.call() == call);
            call.lastChances = 0;
        }
    }

    /** For tests. */
    Collection<UnitHistory> lastChances() {
        return Collections.unmodifiableCollection(lastChances);
    }
}
