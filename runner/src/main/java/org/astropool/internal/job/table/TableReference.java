package org.astropool.internal.job.table;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /**
     * The keys of a job file that name this table.
     *
     * @param fileKey the key of the file
     */
    public Map<String, Object> values(String fileKey) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(fileKey, file.toString());
        format.ifPresent(name -> values.put(FORMAT, name));
        extension.ifPresent(name -> values.put(EXTENSION, name));
        return values;
    }
}
