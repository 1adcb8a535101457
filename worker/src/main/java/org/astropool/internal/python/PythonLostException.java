package org.astropool.internal.python;

/** A worker process ended, or was ended, before it answered. */
final class PythonLostException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why a process was ended. */
    enum Why {
        /** It ended by itself, or something outside ended it. */
        ENDED,
        TIMED_OUT,
        CANCELLED
    }

    private final Why why;
    private final String output;

    /** @param output the last lines that it wrote, or "" */
    PythonLostException(Why why, String message, String output) {
        super(message, null, false, false); // where it happened is not in this process: no stack trace
        this.why = why;
        this.output = output;
    }

    Why why() {
        return why;
    }

    String output() {
        return output;
    }
}
