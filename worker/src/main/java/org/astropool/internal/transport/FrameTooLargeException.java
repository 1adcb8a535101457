package org.astropool.internal.transport;

/** A message is larger than a frame of the carrier may be. */
public final class FrameTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FrameTooLargeException(long bytes, long limit) {
        super("a message of " + bytes + " bytes is larger than the limit of " + limit
                + " bytes per frame; send less data per task, for example through files");
    }
}
