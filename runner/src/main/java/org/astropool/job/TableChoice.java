package org.astropool.job;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A table that a job file names.
 *
 * @param format empty: seen from the file
 * @param extension of a file with several tables: its name, or its number from 1; empty: the first
 */
public record TableChoice(Path file, Optional<String> format, Optional<String> extension) {
    static final String FORMAT = "format";
    static final String EXTENSION = "extension";
    static final List<String> KEYS = List.of(FORMAT, EXTENSION);

    static TableChoice of(Path file) {
        return new TableChoice(file, Optional.empty(), Optional.empty());
    }

    /** With the keys format and extension of a section. */
    static TableChoice read(Path file, Section section) {
        Optional<String> format = section.string(FORMAT);
        format.filter(name -> !TableFormats.NAMES.contains(name))
                .ifPresent(name -> section.problem(
                        FORMAT, "format \"" + name + "\" is not one of " + String.join(", ", TableFormats.NAMES)));
        Optional<Object> extension = section.any(EXTENSION);
        extension
                .filter(value -> !(value instanceof String) && !(value instanceof Long))
                .ifPresent(value -> section.wrongType(EXTENSION, value, "the name or the number of a table"));
        return new TableChoice(file, format, extension.map(Object::toString));
    }
}
