package org.astropool.internal.scheduler;

/**
 * What happened to a unit that has to be handed out again. Units that were never handed out, or only once so far, have
 * none, so that memory grows only with failures and losses.
 *
 * @param executions how often it was handed out
 * @param failures how many of these executions failed
 * @param losses how many of these executions lost their worker
 */
record UnitHistory(CallState call, long unit, int executions, int failures, int losses) {

    static UnitHistory before(Chunk chunk, long unit) {
        return chunk.history != null ? chunk.history : new UnitHistory(chunk.call, unit, 0, 0, 0);
    }

    UnitHistory failed() {
        return new UnitHistory(call, unit, executions + 1, failures + 1, losses);
    }

    UnitHistory lost() {
        return new UnitHistory(call, unit, executions + 1, failures, losses + 1);
    }

    UnitHistory withdrawn() {
        return new UnitHistory(call, unit, executions + 1, failures, losses);
    }

    boolean mayTryAgain() {
        return failures <= call.policy.retries();
    }

    boolean isSuspect() {
        return losses > 0;
    }

    /** Whether one more loss is the last: such a unit does not share its worker with another such unit. */
    boolean isOnLastChance() {
        return isSuspect() && losses >= call.policy.maxLosses() - 1;
    }
}
