package org.astropool.examples;

import java.util.random.RandomGenerator;
import org.astropool.task.RandomStreams;
import org.astropool.task.TaskContext;

/** For models that list their own tasks: the first attempt of task index of a call with a seed. */
public record TaskNumber(long index, long seed, RandomGenerator random) implements TaskContext {

    public TaskNumber(long index) {
        this(index, 0);
    }

    public TaskNumber(long index, long seed) {
        this(index, seed, RandomStreams.stream(seed, index));
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public int worker() {
        return 0;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }
}
