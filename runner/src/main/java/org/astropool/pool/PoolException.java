package org.astropool.pool;

import org.jspecify.annotations.Nullable;

/** The pool as a whole cannot go on. Results that were handed over before are good. */
public final class PoolException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What kind of trouble it is. */
    public enum Reason {
        /** The environment or the options are wrong; nothing was evaluated. */
        ENVIRONMENT,
        /** Workers were lost, or hang, so that nobody is left. */
        WORKERS_LOST,
        /** The journal of a call cannot be written; what it has is good. */
        JOURNAL,
        /** The pool was closed, or the caller was interrupted. */
        CLOSED,
        /** The program on the master failed; seen on workers. */
        MASTER_FAILED,
        /** A defect of astropool. */
        DEFECT
    }

    private final Reason reason;

    public PoolException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public PoolException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
