package org.astropool.sampler;

/** A sampler or maximizer cannot start with its settings; the message says what to change. */
public final class SamplerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SamplerException(String message) {
        super(message);
    }
}
