package org.astropool.task;

import java.io.Serializable;

/**
 * A failure as data, so that it can cross process boundaries without the classes of the exception.
 *
 * @param kind what went wrong
 * @param exception class name of the exception, or "" where there was none
 * @param message what it said, or ""
 * @param stackTrace the remote stack trace as text, or ""
 * @param worker number of the worker process (under MPI its rank), or -1 when no worker is to blame
 * @param host name of the worker's host, or ""
 * @param attempts how many executions the task had
 */
public record TaskFailure(
        FailureKind kind, String exception, String message, String stackTrace, int worker, String host, int attempts)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** One line for people: kind, exception, message, and where it happened. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.label());
        if (!exception.isEmpty()) {
            text.append(": ").append(exception);
        }
        if (!message.isEmpty()) {
            text.append(": ").append(message);
        }
        if (worker >= 0) {
            text.append(" (worker ").append(worker).append(" on ").append(host);
            text.append(", attempt ").append(attempts).append(')');
        }
        return text.toString();
    }
}
