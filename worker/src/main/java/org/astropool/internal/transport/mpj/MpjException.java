package org.astropool.internal.transport.mpj;

import org.jspecify.annotations.Nullable;

/** A call of MPJ Express failed: usually the connections are closed, because a rank has ended. */
final class MpjException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MpjException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
