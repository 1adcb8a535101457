package org.astropool.task;

import java.io.Serializable;

/**
 * A declared output of a model: one column of the results.
 *
 * @param name {@code [A-Za-z][A-Za-z0-9_]*}; {@code log_likelihood} turns on best fit, marginals and evidence
 * @param type element type
 * @param length number of elements of a vector (type DOUBLE_VECTOR), else 1
 * @param unit VOUnit string, "" when dimensionless
 * @param description one line
 */
public record Output(String name, Type type, int length, String unit, String description) implements Serializable {
    private static final long serialVersionUID = 1;

    /** The natural logarithm of the likelihood: NaN and +infinity fail the point, -infinity is a value. */
    public static final String LOG_LIKELIHOOD = "log_likelihood";

    /** Element types of outputs. */
    public enum Type {
        DOUBLE,
        LONG,
        BOOLEAN,
        STRING,
        /** {@code double[n]} with n fixed. */
        DOUBLE_VECTOR
    }

    /** @throws IllegalArgumentException when the name is malformed or the length does not fit the type */
    public Output {
        Names.check("output", name);
        if (length < 1 || (type != Type.DOUBLE_VECTOR && length != 1)) {
            throw new IllegalArgumentException("output " + name + ": length " + length + " for type " + type);
        }
    }

    /** A scalar of type double. */
    public static Output number(String name, String unit, String description) {
        return new Output(name, Type.DOUBLE, 1, unit, description);
    }

    /** The output {@value #LOG_LIKELIHOOD}. */
    public static Output logLikelihood() {
        return number(LOG_LIKELIHOOD, "", "natural logarithm of the likelihood");
    }
}
