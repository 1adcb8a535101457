package org.astropool.task;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a model.
 *
 * @param name {@code [A-Za-z][A-Za-z0-9_]*}
 * @param unit VOUnit string, "" when dimensionless
 * @param from lowest value that makes sense, may be -infinity
 * @param to highest value that makes sense, may be +infinity
 * @param description one line
 * @param defaultValue the value where a job gives none, or null when a job must give one
 */
public record Parameter(
        String name,
        String unit,
        double from,
        double to,
        String description,
        @Nullable Double defaultValue) implements Serializable {
    private static final long serialVersionUID = 1;

    /** Whether a parameter may have a name. */
    public static boolean isName(String name) {
        return Names.isValid(name);
    }

    /**
     * A parameter that has no default value.
     *
     * @throws IllegalArgumentException when the name is malformed or the range is empty
     */
    public Parameter(String name, String unit, double from, double to, String description) {
        this(name, unit, from, to, description, null);
    }

    /** @throws IllegalArgumentException when the name is malformed or the range is empty */
    public Parameter {
        Names.check("parameter", name);
        if (!(from <= to)) {
            throw new IllegalArgumentException("parameter " + name + ": from " + from + " is not below to " + to);
        }
    }
}
