package org.astropool.internal.transport.faults;

/** What can be made to go wrong. */
public enum Fault {
    /** This process is killed instead of sending the frame. */
    KILL("kill", false),
    /** This process is stopped for some time, as by a debugger or a suspended node; the frame is sent. */
    STOP("stop", true),
    /** The frame is not sent. */
    DROP("drop", false),
    /** One bit of the frame is flipped. */
    CORRUPT("corrupt", false),
    /** The frame is sent twice. */
    DUPLICATE("duplicate", false),
    /** The frame is sent later, and those behind it, too, so that the order is kept. */
    DELAY("delay", true),
    /** This process is killed in the middle of a write to the journal. */
    DIE_IN_WRITE("die-in-write", false);

    private final String key;
    private final boolean timed;

    Fault(String key, boolean timed) {
        this.key = key;
        this.timed = timed;
    }

    /** Its name in the text of a plan. */
    public String key() {
        return key;
    }

    /** Whether it takes some time, which its plan has to say. */
    boolean timed() {
        return timed;
    }
}
