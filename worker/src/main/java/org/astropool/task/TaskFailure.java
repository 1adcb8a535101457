package org.astropool.task;

import java.io.Serializable;
import org.astropool.internal.text.CutText;

/**
 * Why a task has no result, as data, so that it can cross process boundaries without the classes of the exception.
 * Immutable. Texts longer than {@link #MAX_MESSAGE} and {@link #MAX_TRACE} are shortened in the middle, since every
 * task may fail and the message of an exception may have a size of a megabyte.
 *
 * @param kind what went wrong
 * @param message one line, or ""
 * @param cause what is known in addition to the message
 * @param worker number of the worker process (under MPI its rank), or -1 when no worker is to blame
 * @param host name of the worker's host, or ""
 * @param attempts the number of executions of the task; 0 when they were not counted
 */
public record TaskFailure(FailureKind kind, String message, Cause cause, int worker, String host, int attempts)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** Characters of a message, and of the name of an exception. */
    public static final int MAX_MESSAGE = 4_000;

    /** Characters of a stack trace, or of the output of a program. */
    public static final int MAX_TRACE = 9_000;

    /** What is known about a failure in addition to its message. */
    public sealed interface Cause extends Serializable {
        /** No cause is known. */
        Cause NONE = new None();
    }

    /**
     * An exception, thrown in a process of Java.
     *
     * @param exception its class name
     * @param stackTrace the remote stack trace as text, or ""
     */
    public record Thrown(String exception, String stackTrace) implements Cause {
        private static final long serialVersionUID = 1;

        public Thrown {
            exception = CutText.of(exception, MAX_MESSAGE);
            stackTrace = CutText.of(stackTrace, MAX_TRACE);
        }
    }

    /**
     * The last output of a program.
     *
     * @param text the last lines of its standard error, or a stack trace of its own
     */
    public record ProgramOutput(String text) implements Cause {
        private static final long serialVersionUID = 1;

        public ProgramOutput {
            text = CutText.of(text, MAX_TRACE);
        }
    }

    /** Nothing is known in addition to the message; {@link Cause#NONE}. */
    public record None() implements Cause {
        private static final long serialVersionUID = 1;
    }

    public TaskFailure {
        message = CutText.of(message, MAX_MESSAGE);
    }

    /** A failure that has not happened at a known worker yet. */
    public static TaskFailure of(FailureKind kind, String message, Cause cause) {
        return new TaskFailure(kind, message, cause, -1, "", 0);
    }

    /** A failure of which only the message is known. */
    public static TaskFailure of(FailureKind kind, String message) {
        return of(kind, message, Cause.NONE);
    }

    /**
     * A failure with the last lines of a program.
     *
     * @param output "" when it wrote nothing
     */
    public static TaskFailure ofProgram(FailureKind kind, String message, String output) {
        return of(kind, message, output.isEmpty() ? Cause.NONE : new ProgramOutput(output));
    }

    /** The same failure, at a worker. */
    public TaskFailure at(int atWorker, String atHost, int afterAttempts) {
        return new TaskFailure(kind, message, cause, atWorker, atHost, afterAttempts);
    }

    /** The same failure with another message. */
    public TaskFailure withMessage(String other) {
        return new TaskFailure(kind, other, cause, worker, host, attempts);
    }

    /** The class name of the exception, or "" where there was none. */
    public String exception() {
        return cause instanceof Thrown thrown ? thrown.exception() : "";
    }

    /** The remote stack trace of the exception, or "". */
    public String stackTrace() {
        return cause instanceof Thrown thrown ? thrown.stackTrace() : "";
    }

    /** The last output of the program, or "" if there was none. */
    public String output() {
        return cause instanceof ProgramOutput program ? program.text() : "";
    }

    /** The exception, where there was one, and the message. */
    public String description() {
        String exception = exception();
        if (exception.isEmpty()) {
            return message;
        }
        return message.isEmpty() ? exception : exception + ": " + message;
    }

    /** One line: kind, exception, message, and where it happened. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.label());
        String description = description();
        if (!description.isEmpty()) {
            text.append(": ").append(description);
        }
        if (worker >= 0) {
            text.append(" (worker ").append(worker).append(" on ").append(host);
            text.append(", attempt ").append(attempts).append(')');
        }
        return text.toString();
    }
}
