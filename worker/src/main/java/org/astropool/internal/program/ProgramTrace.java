package org.astropool.internal.program;

/** Takes what is sent to and received from a program, for finding mistakes. */
@FunctionalInterface
public interface ProgramTrace {
    /** Drops everything. */
    ProgramTrace NONE = (what, text) -> {};

    /**
     * Called by the thread that evaluates.
     *
     * @param what "command", "working directory", "said", ...
     * @param text may have several lines
     */
    void tell(String what, String text);
}
