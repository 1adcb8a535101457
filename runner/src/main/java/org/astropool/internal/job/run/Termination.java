package org.astropool.internal.job.run;

import org.astropool.internal.job.ExitCode;
import org.astropool.internal.text.CutText;
import org.astropool.task.Outcome;

/**
 * Why a run ended early. The finished points are in the journal.
 *
 * @param message for the user
 */
public record Termination(Cause cause, String message) {
    private static final int LONGEST_QUOTE = 500;

    /** The points of a pilot have been evaluated, or its time is over. */
    public static Termination afterPilot() {
        return new Termination(Cause.PILOT, "the pilot is over; run --resume evaluates the other points");
    }

    /** The message of a failure, shortened; the tables have all of it. */
    static String shortMessage(Outcome.Failed<?> failed) {
        return CutText.of(failed.failure().toString(), LONGEST_QUOTE);
    }

    /** What ended the run. */
    public enum Cause {
        /** The first points all failed. */
        ALL_FAILED("all-failed", ExitCode.ENDED_EARLY),
        /** No workers are left. */
        WORKERS_LOST("workers-lost", ExitCode.ENDED_EARLY),
        /** The journal cannot be written. */
        NO_ROOM("no-room", ExitCode.ENDED_EARLY),
        /** The pilot of a plan is over. */
        PILOT("pilot", ExitCode.ENDED_EARLY),
        /** The time limit, or the end of the allocation. */
        TIME_LIMIT("time-limit", ExitCode.ENDED_EARLY),
        /** Another run has taken over the output directory. */
        TAKEN_OVER("taken-over", ExitCode.ENDED_EARLY),
        /** The output directory, or what a run needs in it, was removed or renamed. */
        DIRECTORY_LOST("directory-lost", ExitCode.ENDED_EARLY),
        SIGINT("sigint", ExitCode.INTERRUPTED),
        /** SIGTERM, SIGHUP, or SIGUSR1. */
        SIGTERM("sigterm", ExitCode.TERMINATED);

        private final String label;
        private final ExitCode exitCode;

        Cause(String label, ExitCode exitCode) {
            this.label = label;
            this.exitCode = exitCode;
        }

        /** Whether nothing more may be written to the output directory, whose content is unknown. */
        public boolean isWithoutDirectory() {
            return this == TAKEN_OVER || this == DIRECTORY_LOST;
        }

        /** The name in files. */
        public String label() {
            return label;
        }

        public ExitCode exitCode() {
            return exitCode;
        }
    }
}
