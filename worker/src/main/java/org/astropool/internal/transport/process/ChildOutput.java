package org.astropool.internal.transport.process;

/** Takes what children print. Called from a thread of each child; its exceptions are ignored. */
@FunctionalInterface
public interface ChildOutput {
    /** Drops everything. */
    ChildOutput IGNORED = (peer, line) -> {};

    /**
     * A child has printed a line to its standard output or standard error. A child that prints waits while this runs.
     *
     * @param line without its end; longer ones than 4096 bytes come in pieces
     */
    void printed(int peer, String line);
}
