package org.astropool.job;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** File formats of result tables. */
public enum ResultFormat {
    ECSV,
    FITS,
    CSV,
    VOTABLE;

    /** The name in job files, which is the file's extension, too. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(ResultFormat::label).toList();
    }
}
