package org.astropool.internal.job.result;

import java.util.Locale;

/** The status of a point. */
public enum PointStatus {
    /** The run ended before the point was evaluated. */
    MISSING,
    OK,
    FAILED,
    /** The model does not apply to the point. */
    SKIPPED;

    /** The value in result tables. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
