package org.astropool.internal.program;

import org.astropool.task.FailureKind;
import org.astropool.task.ProgramException;

/** A program cannot be started, or does not write what it must in the required form, whatever the point. */
public final class BrokenProgramException extends ProgramException {
    private static final long serialVersionUID = 1;

    BrokenProgramException(String message, String lastWords) {
        super(FailureKind.EXCEPTION, message, lastWords);
    }
}
