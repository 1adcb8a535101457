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
    VOTABLE,
    /** One array of numpy a column. */
    NPZ,
    /** One dataset a column. */
    HDF5;

    /** The name in job files, which is also the extension of the file. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format for the ending of the name of a file: the label, or vot or h5; in any case of letters. */
    public static Optional<TableFormat> ofFile(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return Arrays.stream(values())
                .filter(format -> format.label().equals(ending)
                        || (format == VOTABLE && ending.equals("vot"))
                        || (format == HDF5 && ending.equals("h5")))
                .findFirst();
    }

    /** Whether numbers are written as text. */
    public boolean isText() {
        return this == ECSV || this == CSV || this == VOTABLE;
    }

    /** Whether a file holds arrays, so that those who train networks want few columns with many numbers each. */
    public boolean holdsArrays() {
        return this == NPZ || this == HDF5;
    }

    public static List<String> labels() {
        return Arrays.stream(values()).map(TableFormat::label).toList();
    }
}
