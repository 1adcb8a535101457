package org.astropool.internal.job.table;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** File formats of result tables. */
public enum TableFormat {
    ECSV,
    FITS,
    CSV,
    VOTABLE;

    /** The name in job files, which is also the extension of the file. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format for the ending of the name of a file: ecsv, fits, csv, votable or vot; in any case of letters. */
    public static Optional<TableFormat> ofFile(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return Arrays.stream(values())
                .filter(format -> format.label().equals(ending) || (format == VOTABLE && ending.equals("vot")))
                .findFirst();
    }

    public static List<String> labels() {
        return Arrays.stream(values()).map(TableFormat::label).toList();
    }
}
