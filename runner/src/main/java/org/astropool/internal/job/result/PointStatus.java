package org.astropool.internal.job.result;

import java.util.Locale;

/** What became of a point. */
public enum PointStatus {
    /** The run ended before the point was evaluated. */
    MISSING,
    OK,
    FAILED,
    /** The model said that it does not apply. */
    SKIPPED;

    /** The value in result tables. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
