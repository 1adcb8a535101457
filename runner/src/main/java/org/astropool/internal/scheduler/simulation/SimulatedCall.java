package org.astropool.internal.scheduler.simulation;

import java.util.function.LongUnaryOperator;
import org.astropool.internal.scheduler.CallPolicy;
import org.astropool.internal.scheduler.UnitOrder;

/**
 * A call whose units are all available when it is opened.
 *
 * @param opensAtNanos when
 * @param durations nanoseconds by unit
 */
public record SimulatedCall(long opensAtNanos, long units, CallPolicy policy, LongUnaryOperator durations) {

    /** A call with default policy from the beginning on. */
    public static SimulatedCall of(long units, LongUnaryOperator durations) {
        return new SimulatedCall(0, units, CallPolicy.defaults(units), durations);
    }

    /** The same, opened later. */
    public SimulatedCall opensAt(long nanos) {
        return new SimulatedCall(nanos, units, policy, durations);
    }

    /** The same with chunks of fixed size. */
    public SimulatedCall withChunkUnits(int chunkUnits) {
        CallPolicy changed = new CallPolicy(
                policy.totalUnits(),
                chunkUnits,
                policy.maxChunkUnits(),
                policy.retries(),
                policy.maxLosses(),
                policy.unitTimeoutNanos());
        return new SimulatedCall(opensAtNanos, units, changed, durations);
    }

    /** The same in another order. */
    public SimulatedCall inOrder(UnitOrder order) {
        return new SimulatedCall(
                opensAtNanos, units, policy.withOrder(order), position -> durations.applyAsLong(order.unit(position)));
    }
}
