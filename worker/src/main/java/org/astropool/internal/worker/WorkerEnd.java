package org.astropool.internal.worker;

/**
 * How a worker has ended.
 *
 * @param reason for users; "" when there was no problem
 */
public record WorkerEnd(Cause cause, String reason) {

    /** Why it ended. */
    public enum Cause {
        /** The master has no more work, or has let the worker go. */
        FINISHED,
        /** The master refuses this worker. */
        REFUSED,
        /** The master's program failed. */
        MASTER_FAILED,
        /** The master is silent, or its connection has ended. */
        MASTER_LOST
    }
}
