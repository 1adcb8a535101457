package org.astropool.internal.transport;

import org.jspecify.annotations.Nullable;

/** A carrier cannot be used: the environment is wrong, and nothing was started. */
public class CarrierException extends Exception {
    private static final long serialVersionUID = 1;

    public CarrierException(String message) {
        super(message);
    }

    public CarrierException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
