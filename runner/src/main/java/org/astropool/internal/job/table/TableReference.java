package org.astropool.internal.job.table;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A table that a job file names.
 *
 * @param format empty to detect it from the file
 * @param extension the name of a table in a file with several, or its number from 1; empty for the first
 */
public record TableReference(Path file, Optional<String> format, Optional<String> extension) {
    public static final String FORMAT = "format";
    public static final String EXTENSION = "extension";
    static final List<String> KEYS = List.of(FORMAT, EXTENSION);

    public static TableReference of(Path file) {
        return new TableReference(file, Optional.empty(), Optional.empty());
    }
}
