package org.astropool.internal.job.plan;

/** Why the program of a job is started: what it is used for after it has declared its parameters and outputs. */
public enum ProgramUse {
    /** Nothing: it is ended. */
    DECLARE,
    /** A trial point; nothing is written. */
    TRY,
    /** The points of the job. */
    EVALUATE
}
