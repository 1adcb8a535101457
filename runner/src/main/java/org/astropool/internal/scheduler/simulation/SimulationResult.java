package org.astropool.internal.scheduler.simulation;

import java.util.List;

/**
 * The result of a {@link Simulation}.
 *
 * @param makespanNanos when the last call ended, in virtual time
 * @param callNanos how long each call took from its opening, in virtual time
 * @param units how many became final
 * @param messages how many chunks and answers were sent
 * @param schedulerNanos how much CPU time the scheduler really took for all of its decisions on this machine
 * @param digest of all decisions: the same in every run
 */
public record SimulationResult(
        long makespanNanos, List<Long> callNanos, long units, long messages, long schedulerNanos, long digest) {

    /** CPU time of the scheduler for a unit, in microseconds. */
    public double schedulerMicrosPerUnit() {
        return schedulerNanos / 1e3 / units;
    }
}
