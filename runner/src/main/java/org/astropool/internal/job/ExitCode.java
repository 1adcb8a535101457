package org.astropool.internal.job;

/** What a run came to, as scripts see it. The numbers do not change. */
public enum ExitCode {
    /** All points evaluated, or no more failed than allowed. */
    OK(0),
    /** A defect of astropool. */
    DEFECT(1),
    /** Wrong usage, job file or environment; nothing was started. */
    USAGE(2),
    /** Finished, but more points failed than allowed. */
    FAILURES(3),
    /** Ended before the end: pool lost, no room, everything fails. */
    ENDED_EARLY(4),
    /** Ended by SIGINT; resumable. */
    INTERRUPTED(130),
    /** Ended by SIGTERM, SIGHUP or SIGUSR1; resumable. */
    TERMINATED(143);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** What the process exits with. */
    public int code() {
        return code;
    }
}
