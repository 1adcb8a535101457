package org.astropool.job;

/**
 * Why a run ended before its end. What was finished is in the journal.
 *
 * @param message for people
 */
public record EarlyEnd(Cause cause, String message) {

    /** What ended it. */
    public enum Cause {
        /** The first points all failed. */
        ALL_FAILED("all-failed", ExitCode.ENDED_EARLY),
        /** Nobody is left to evaluate. */
        WORKERS_LOST("workers-lost", ExitCode.ENDED_EARLY),
        /** The journal cannot be written. */
        NO_ROOM("no-room", ExitCode.ENDED_EARLY),
        /** The time limit, or the end of the allocation. */
        TIME_LIMIT("time-limit", ExitCode.ENDED_EARLY),
        /** Another run has taken over the output directory. */
        TAKEN_OVER("taken-over", ExitCode.ENDED_EARLY),
        SIGINT("sigint", ExitCode.INTERRUPTED),
        /** SIGTERM, or SIGUSR1. */
        SIGTERM("sigterm", ExitCode.TERMINATED);

        private final String label;
        private final ExitCode exitCode;

        Cause(String label, ExitCode exitCode) {
            this.label = label;
            this.exitCode = exitCode;
        }

        /** For files. */
        public String label() {
            return label;
        }

        public ExitCode exitCode() {
            return exitCode;
        }
    }
}
