package org.astropool.internal.job;

/** The exit codes, on which scripts rely. The numbers do not change. */
public enum ExitCode {
    /** All points evaluated, or no more failed than allowed. */
    OK(0),
    /** A defect of astropool. */
    DEFECT(1),
    /** Wrong usage, job file or environment; nothing was started. */
    USAGE(2),
    /** Finished, but more points failed than allowed. */
    FAILURES(3),
    /** Ended early: pool lost, disk full, all points fail. */
    ENDED_EARLY(4),
    /** Ended by SIGINT; resumable. */
    INTERRUPTED(130),
    /** Ended by SIGTERM, SIGHUP or SIGUSR1; resumable. */
    TERMINATED(143);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The exit code of the process. */
    public int code() {
        return code;
    }
}
