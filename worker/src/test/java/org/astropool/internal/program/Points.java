package org.astropool.internal.program;

import java.util.random.RandomGenerator;
import org.astropool.task.RandomStreams;
import org.astropool.task.TaskContext;

/** The context of a point. */
record Points(long index) implements TaskContext {
    static final long SEED = 7;

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public int worker() {
        return 0;
    }

    @Override
    public RandomGenerator random() {
        return RandomStreams.stream(SEED, index);
    }

    @Override
    public boolean isCancelled() {
        return false;
    }
}
