package org.astropool.internal.program;

/** Hears what goes to and comes from a program, for people who look for a mistake. */
@FunctionalInterface
public interface ProgramTrace {
    /** Hears nothing. */
    ProgramTrace NONE = (what, text) -> {};

    /**
     * Called by the thread that evaluates.
     *
     * @param what "command", "working directory", "said", ...
     * @param text may have several lines
     */
    void tell(String what, String text);
}
