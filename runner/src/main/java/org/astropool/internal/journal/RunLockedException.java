package org.astropool.internal.journal;

/** Another run holds the lock. The message says which one, since when, its last sign of life, and the next step. */
public final class RunLockedException extends Exception {
    private static final long serialVersionUID = 1;

    RunLockedException(String message) {
        super(message);
    }
}
