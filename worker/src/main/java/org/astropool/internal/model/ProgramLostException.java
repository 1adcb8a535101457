package org.astropool.internal.model;

import org.astropool.task.FailureKind;
import org.astropool.task.ProgramException;

/**
 * A program was killed while it evaluated a point: because of a wrong pointer, for lack of memory, or by a user. As
 * after the loss of a worker, the point is retried, and fails when that has happened three times.
 */
public final class ProgramLostException extends ProgramException {
    private static final long serialVersionUID = 1;

    public ProgramLostException(String message, String lastWords) {
        super(FailureKind.WORKER_LOST, message, lastWords);
    }
}
