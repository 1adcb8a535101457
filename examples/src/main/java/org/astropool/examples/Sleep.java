package org.astropool.examples;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.TaskContext;

/**
 * The model {@code sleep}: takes as long as its parameter says and uses no processor for it, to see how a pool balances
 * points of uneven cost, for instance those of an earlier run ({@code [tasks] table = "DIR/timings.fits"}). A sleep
 * ends up to 0.1 ms late; the next one on the same thread is shorter by that, so that together they take as long as
 * they should.
 */
public final class Sleep implements Model {
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
    public boolean threadSafe(ModelOptions options) {
        return false;
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        return new Sleeper();
    }

    /** For one thread. */
    private static final class Sleeper implements Evaluator {
        /** By how much all sleeps so far were too long. */
        private long lateNanos;

        @Override
        public void evaluate(double[] point, OutputRow row, TaskContext context) throws InterruptedException {
            long begin = System.nanoTime();
            lateNanos -= (long) (point[0] * 1e9);
            for (long left = -lateNanos; left > 0; left = -lateNanos - (System.nanoTime() - begin)) {
                LockSupport.parkNanos(left);
                if (Thread.interrupted()) {
                    lateNanos = 0;
                    throw new InterruptedException("woken up before its time");
                }
            }
            long slept = System.nanoTime() - begin;
            lateNanos += slept;
            row.set(0, slept / 1e9);
        }
    }
}
