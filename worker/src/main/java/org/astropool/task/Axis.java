package org.astropool.task;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * One axis of a grid: a name and its values. Immutable.
 *
 * <p>A linear axis has point i at {@code from + i * ((to - from) / (count - 1))} and the last exactly at {@code to},
 * which is numpy.linspace to the bit; a logarithmic one the same in log10, with both ends exact.
 */
public final class Axis implements Serializable {
    private static final long serialVersionUID = 1;

    /** How the values of an axis are spaced. */
    public enum Spacing {
        LINEAR,
        LOG,
        VALUES
    }

    private static final double[] COMPUTED = {};

    private final String name;
    private final Spacing spacing;
    private final int count;
    private final double from;
    private final double to;
    private final double[] given;

    private Axis(String name, Spacing spacing, int count, double from, double to, double[] given) {
        Names.check("axis", name);
        this.name = name;
        this.spacing = spacing;
        this.count = count;
        this.from = from;
        this.to = to;
        this.given = given;
    }

    /**
     * Evenly spaced values.
     *
     * @throws IllegalArgumentException when count is below 1, an end is not finite, from is above to, or count = 1 with
     *     from different from to
     */
    public static Axis linear(String name, double from, double to, int count) {
        checkRange(name, from, to, count);
        return new Axis(name, Spacing.LINEAR, count, from, to, COMPUTED);
    }

    /** Values evenly spaced in log10; as {@link #linear}, and from must be above 0. */
    public static Axis log(String name, double from, double to, int count) {
        checkRange(name, from, to, count);
        if (from <= 0) {
            throw new IllegalArgumentException("axis " + name + ": a log axis needs from above 0, it is " + from);
        }
        return new Axis(name, Spacing.LOG, count, from, to, COMPUTED);
    }

    /** Given values, in any order. @throws IllegalArgumentException when there is none, or one that is not finite */
    public static Axis of(String name, double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("axis " + name + ": no values");
        }
        for (double value : values) {
            checkFinite(name, "value", value);
        }
        return new Axis(name, Spacing.VALUES, values.length, values[0], values[values.length - 1], values.clone());
    }

    private static void checkRange(String name, double from, double to, int count) {
        checkFinite(name, "from", from);
        checkFinite(name, "to", to);
        if (count < 1) {
            throw new IllegalArgumentException("axis " + name + ": count is " + count + ", it must be at least 1");
        }
        if (from > to) {
            throw new IllegalArgumentException("axis " + name + ": from " + from + " is above to " + to);
        }
        if (count == 1 && from != to) {
            throw new IllegalArgumentException(
                    "axis " + name + ": count = 1 needs from = to, they are " + from + " and " + to);
        }
    }

    private static void checkFinite(String name, String what, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("axis " + name + ": " + what + " is " + value + ", it must be finite");
        }
    }

    private static double linspace(double from, double to, int count, int i) {
        return i * ((to - from) / (count - 1)) + from;
    }

    public String name() {
        return name;
    }

    public Spacing spacing() {
        return spacing;
    }

    public int count() {
        return count;
    }

    /** @param i from 0 to count - 1 */
    public double value(int i) {
        if (spacing == Spacing.VALUES) {
            return given[i];
        }
        if (Objects.checkIndex(i, count) == count - 1) {
            return to;
        }
        if (spacing == Spacing.LINEAR) {
            return linspace(from, to, count, i);
        }
        return i == 0 ? from : Math.pow(10, linspace(Math.log10(from), Math.log10(to), count, i));
    }

    /** A new array of the values. */
    public double[] values() {
        return IntStream.range(0, count).mapToDouble(this::value).toArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Axis axis
                && name.equals(axis.name)
                && spacing == axis.spacing
                && count == axis.count
                && Double.compare(from, axis.from) == 0
                && Double.compare(to, axis.to) == 0
                && Arrays.equals(given, axis.given);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, spacing, count, from, to, Arrays.hashCode(given));
    }

    @Override
    public String toString() {
        return name + "[" + count + ": " + from + " .. " + to + "]";
    }
}
