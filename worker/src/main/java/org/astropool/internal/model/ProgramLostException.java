package org.astropool.internal.model;

import org.astropool.task.FailureKind;
import org.astropool.task.ProgramException;

/**
 * A program was killed under the point that it evaluated: by a wrong pointer, for want of memory, by somebody. As with
 * a worker that is lost the point is tried again, and fails when that has happened three times.
 */
public final class ProgramLostException extends ProgramException {
    private static final long serialVersionUID = 1;

    public ProgramLostException(String message, String lastWords) {
        super(FailureKind.WORKER_LOST, message, lastWords);
    }
}
