package org.astropool.examples;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/**
 * The model {@code sleep}: takes as long as its parameter says and uses no processor for it, to see how a pool balances
 * points of uneven cost, for instance those of an earlier run ({@code [points] file = "timings.fits"}).
 */
public final class Sleep implements Model {
    /** Sleeps end late by up to this; the rest is waited for awake. */
    private static final long AWAKE_NANOS = 100_000;

    @Override
    public String name() {
        return "sleep";
    }

    @Override
    public String description() {
        return "takes as long as its parameter says, to see how a pool balances";
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return List.of(new Parameter("seconds", "s", 0, 86_400, "how long it takes"));
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(Output.number("slept", "s", "how long it took"));
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        return (point, row, context) -> {
            long begin = System.nanoTime();
            long wanted = (long) (point[0] * 1e9);
            for (long left = wanted; left > 0; left = wanted - (System.nanoTime() - begin)) {
                if (left > AWAKE_NANOS) {
                    LockSupport.parkNanos(left - AWAKE_NANOS);
                    if (Thread.interrupted()) {
                        throw new InterruptedException("woken up before its time");
                    }
                } else {
                    Thread.onSpinWait();
                }
            }
            row.set(0, (System.nanoTime() - begin) / 1e9);
        };
    }
}
