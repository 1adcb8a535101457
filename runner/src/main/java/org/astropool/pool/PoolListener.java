package org.astropool.pool;

import org.astropool.task.TaskFailure;

/**
 * Is notified of events of the workers and tasks of a pool, for instance to display them or to write them to a log.
 *
 * <p>The methods are called one after another, in the order of the events, by a thread of the pool that does nothing
 * else. The pool never waits for them: an event may be reported after the call in question has returned. What a method
 * throws is logged. While a method blocks, up to 10,000 events wait; further ones are dropped, which is logged. A
 * method may call the pool. Events of the last moment before {@link Pool#close} may not be reported.
 */
public interface PoolListener {

    /** Ignores all events. */
    PoolListener NONE = new PoolListener() {};

    /** A worker can be given tasks; also called for the workers with which the pool is opened. */
    default void workerJoined(WorkerInfo worker) {}

    /** A worker has left the pool after it had finished its tasks. */
    default void workerLeft(WorkerInfo worker) {}

    /**
     * A worker was lost. Its tasks are evaluated by other workers, unless none is left.
     *
     * @param reason for instance how its process ended
     */
    default void workerLost(WorkerInfo worker, String reason) {}

    /**
     * A task has failed and is evaluated again ({@link CallOptions#retries}). Not called for tasks that are evaluated
     * again because their worker was lost.
     *
     * @param task the index of the task in its call
     * @param failure why; says on which worker, and at which attempt
     */
    default void taskRetried(long task, TaskFailure failure) {}

    /**
     * A task has failed for good.
     *
     * @param task the index of the task in its call
     * @param failure why; says on which worker, and at which attempt
     */
    default void taskFailed(long task, TaskFailure failure) {}
}
