package org.astropool.internal.journal;

/** A record whose checksums are right but whose payload is malformed. The message says what is wrong with it. */
public final class MalformedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MalformedRecordException(String message) {
        super(message);
    }

    public MalformedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
