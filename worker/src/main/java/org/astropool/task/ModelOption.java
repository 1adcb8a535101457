package org.astropool.task;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A declared option of a model ({@code [model.options]} of a job file).
 *
 * @param name key in the job file
 * @param type type of the value
 * @param defaultValue String, Long, Double or Boolean according to type; null when the option must be given
 * @param choices allowed values of a STRING, empty when any value is allowed
 * @param description one line
 */
public record ModelOption(
        String name, Type type, @Nullable Object defaultValue, List<String> choices, String description) {

    /** Types of options. */
    public enum Type {
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN,
        /** A file or folder; relative to the job file when it comes from there. */
        PATH
    }

    public ModelOption {
        choices = List.copyOf(choices);
    }
}
