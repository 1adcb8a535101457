package org.astropool.examples;

import java.util.random.RandomGenerator;
import org.astropool.task.TaskContext;

/** For models that must not need to know which task they evaluate. */
public enum NoContext implements TaskContext {
    INSTANCE;

    @Override
    public long index() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int attempt() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int worker() {
        throw new UnsupportedOperationException();
    }

    @Override
    public RandomGenerator random() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isCancelled() {
        throw new UnsupportedOperationException();
    }
}
