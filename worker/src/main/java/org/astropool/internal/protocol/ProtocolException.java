package org.astropool.internal.protocol;

/** A frame that is not a message of this protocol: another version, or a defect. */
public final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ProtocolException(String message) {
        super(message);
    }
}
