package org.astropool.internal.transport.process;

/** Hears what children print. Called from a thread of each child; what throws is ignored. */
@FunctionalInterface
public interface ChildOutput {
    /** Nobody listens. */
    ChildOutput IGNORED = (peer, line) -> {};

    /**
     * A child has printed a line to its standard output or standard error. A child that prints waits while this runs.
     *
     * @param line without its end; longer ones than 4096 bytes come in pieces
     */
    void printed(int peer, String line);
}
