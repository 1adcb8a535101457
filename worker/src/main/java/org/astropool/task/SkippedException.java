package org.astropool.task;

/** Thrown by a function or model that does not apply to its input. The task is skipped, not failed. */
public final class SkippedException extends Exception {
    private static final long serialVersionUID = 1;

    /** @param reason shown to the user */
    public SkippedException(String reason) {
        super(reason, null, false, false); // an answer, not an accident: no stack trace
    }
}
