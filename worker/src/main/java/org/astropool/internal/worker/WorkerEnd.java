package org.astropool.internal.worker;

/**
 * How a worker has ended.
 *
 * @param reason for people; "" when all is well
 */
public record WorkerEnd(Cause cause, String reason) {

    /** Why it ended. */
    public enum Cause {
        /** The master has no more work, or has let the worker go. */
        FINISHED,
        /** The master does not want this worker. */
        REFUSED,
        /** The master's program failed. */
        MASTER_FAILED,
        /** The master is silent, or its connection has ended. */
        MASTER_LOST
    }
}
