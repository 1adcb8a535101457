package org.astropool.internal.protocol;

/** A value cannot be sent; the message says which part of it is the reason and what to do. */
public final class UnserializableException extends Exception {
    private static final long serialVersionUID = 1;

    public UnserializableException(String message, Throwable cause) {
        super(message, cause);
    }
}
