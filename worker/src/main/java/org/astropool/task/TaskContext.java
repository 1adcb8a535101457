package org.astropool.task;

import java.util.random.RandomGenerator;

/** What a task may know of its own execution. Confined to the thread that evaluates the task. */
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

    /** Whether nobody waits for the result any more. Long tasks should look now and then, and throw. */
    boolean isCancelled();
}
