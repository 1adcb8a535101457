package org.astropool.task;

import java.io.Serializable;
import java.util.Arrays;

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

    private final String name;
    private final Spacing spacing;
    private final double[] values;

    private Axis(String name, Spacing spacing, double[] values) {
        Names.check("axis", name);
        this.name = name;
        this.spacing = spacing;
        this.values = values;
    }

    /**
     * Evenly spaced values.
     *
     * @throws IllegalArgumentException when count is below 1, an end is not finite, from is above to, or count = 1 with
     *     from different from to
     */
    public static Axis linear(String name, double from, double to, int count) {
        checkRange(name, from, to, count);
        return new Axis(name, Spacing.LINEAR, linspace(from, to, count));
    }

    /** Values evenly spaced in log10; as {@link #linear}, and from must be above 0. */
    public static Axis log(String name, double from, double to, int count) {
        checkRange(name, from, to, count);
        if (from <= 0) {
            throw new IllegalArgumentException("axis " + name + ": a log axis needs from above 0, it is " + from);
        }
        double[] values = linspace(Math.log10(from), Math.log10(to), count);
        for (int i = 0; i < count; i++) {
            values[i] = Math.pow(10, values[i]);
        }
        values[count - 1] = to;
        values[0] = from;
        return new Axis(name, Spacing.LOG, values);
    }

    /** Given values, in any order. @throws IllegalArgumentException when there is none, or one that is not finite */
    public static Axis of(String name, double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("axis " + name + ": no values");
        }
        for (double value : values) {
            checkFinite(name, "value", value);
        }
        return new Axis(name, Spacing.VALUES, values.clone());
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

    private static double[] linspace(double from, double to, int count) {
        double[] values = new double[count];
        double step = count > 1 ? (to - from) / (count - 1) : 0;
        for (int i = 0; i < count; i++) {
            values[i] = i * step + from;
        }
        values[count - 1] = to;
        return values;
    }

    public String name() {
        return name;
    }

    public Spacing spacing() {
        return spacing;
    }

    public int count() {
        return values.length;
    }

    /** @param i from 0 to count - 1 */
    public double value(int i) {
        return values[i];
    }

    /** A copy of the values. */
    public double[] values() {
        return values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Axis axis
                && name.equals(axis.name)
                && spacing == axis.spacing
                && Arrays.equals(values, axis.values);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return name + "[" + values.length + ": " + values[0] + " .. " + values[values.length - 1] + "]";
    }
}
