package org.astropool.internal.protocol;

/** A value cannot travel; the message says which part of it and what to do. */
public final class UnserializableException extends Exception {
    private static final long serialVersionUID = 1;

    public UnserializableException(String message, Throwable cause) {
        super(message, cause);
    }
}
