package org.astropool.task;

import java.util.random.RandomGenerator;

/** What a task can find out about its own execution. Confined to the thread that evaluates the task. */
public interface TaskContext {

    /** The index of the task in its call, from 0. */
    long index();

    /** The number of this execution of the task, from 1. */
    int attempt();

    /** The number of the worker process, which under MPI is its rank. */
    int worker();

    /**
     * The random stream of this task, keyed by (seed of the call, index): the same numbers on any worker, in any order
     * and at any attempt. Repeated calls give the same generator, not a new one.
     */
    RandomGenerator random();

    /**
     * Whether the result is not needed any more. The thread of a task that is cancelled is also interrupted, unless its
     * future was cancelled by {@code cancel(false)}. Long tasks should check one of the two from time to time, and
     * throw.
     */
    boolean isCancelled();

    /**
     * A context for tests of a function or model: attempt 1, worker 0, not cancelled.
     *
     * @param index of the task, at least 0
     * @param seed of the call: {@link #random} gives the numbers that a call with this seed gives the task
     */
    static TaskContext of(long index, long seed) {
        RandomGenerator random = RandomStreams.stream(seed, index);
        return new TaskContext() {
            @Override
            public long index() {
                return index;
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
            public RandomGenerator random() {
                return random;
            }

            @Override
            public boolean isCancelled() {
                return false;
            }
        };
    }
}
