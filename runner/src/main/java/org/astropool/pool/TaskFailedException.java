package org.astropool.pool;

import org.astropool.task.TaskFailure;

/** One task failed; thrown by the future of a submitted task. */
public final class TaskFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final TaskFailure failure;

    public TaskFailedException(TaskFailure failure) {
        super(failure + (failure.stackTrace().isEmpty() ? "" : "\nremote stack:\n" + failure.stackTrace()));
        this.failure = failure;
    }

    /** The failure as data. */
    public TaskFailure failure() {
        return failure;
    }
}
