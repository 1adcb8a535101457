package org.astropool.pool;

import org.astropool.task.TaskFailure;
import org.jspecify.annotations.Nullable;

/**
 * One task failed; thrown by the future of a submitted task. Its cause is the exception of the task, if its class is
 * available in this process and the exception can be serialized.
 */
public final class TaskFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final TaskFailure failure;

    public TaskFailedException(TaskFailure failure) {
        this(failure, null);
    }

    /** @param cause what the task threw, or null where that is not known, or its class is missing in this process */
    public TaskFailedException(TaskFailure failure, @Nullable Throwable cause) {
        super(failure + (failure.stackTrace().isEmpty() ? "" : "\nremote stack:\n" + failure.stackTrace()), cause);
        this.failure = failure;
    }

    /** The failure as data. */
    public TaskFailure failure() {
        return failure;
    }
}
