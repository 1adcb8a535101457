package org.astropool.pool;

import org.jspecify.annotations.Nullable;

/** The pool as a whole cannot continue. Results that were returned before are valid. */
public final class PoolException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The kind of the problem. */
    public enum Reason {
        /** The environment or the options are wrong; nothing was evaluated. */
        ENVIRONMENT,
        /** All workers were lost or hang. */
        WORKERS_LOST,
        /** The journal of a call cannot be written; its content is valid. */
        JOURNAL,
        /** The pool was closed, or the caller was interrupted. */
        CLOSED,
        /** The program on the master failed; thrown on workers. */
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
