package org.astropool.internal.model;

import org.jspecify.annotations.Nullable;

/** A model does not exist, cannot be loaded, or cannot be prepared. The message says which, why and what to do. */
public final class ModelException extends Exception {
    private static final long serialVersionUID = 1;

    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
