package org.astropool.task;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * One axis of a grid: a name and its values, which are distinct. Immutable.
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

    /** Values that are so many times the distance of two doubles apart are different, however they were rounded. */
    private static final int SURELY_APART = 8;

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
     * @throws IllegalArgumentException when count is below 1, an end or the distance of the ends is not finite, from is
     *     above to, from = to with another count than 1 or the other way round, or there are fewer than count doubles
     *     between the ends
     */
    public static Axis linear(String name, double from, double to, int count) {
        checkRange(name, from, to, count);
        Axis axis = new Axis(name, Spacing.LINEAR, count, from, to, COMPUTED);
        axis.checkRises((to - from) / (count - 1), Math.ulp(Math.max(Math.abs(from), Math.abs(to))));
        return axis;
    }

    /** Values evenly spaced in log10; as {@link #linear}, and from must be above 0. */
    public static Axis log(String name, double from, double to, int count) {
        checkRange(name, from, to, count);
        if (from <= 0) {
            throw new IllegalArgumentException("axis " + name + ": a log axis needs from above 0, it is " + from);
        }
        Axis axis = new Axis(name, Spacing.LOG, count, from, to, COMPUTED);
        double logFrom = Math.log10(from);
        double logTo = Math.log10(to);
        double farthest = Math.max(1, Math.max(Math.abs(logFrom), Math.abs(logTo)));
        boolean isSubnormal = from < Double.MIN_NORMAL; // where doubles are farther apart for their size
        axis.checkRises((logTo - logFrom) / (count - 1), isSubnormal ? Double.MAX_VALUE : Math.ulp(farthest));
        return axis;
    }

    /**
     * Given values, in any order.
     *
     * @throws IllegalArgumentException when there is no value, one is not finite, or two are equal: such a value would
     *     count twice
     */
    public static Axis of(String name, double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("axis " + name + ": no values");
        }
        for (double value : values) {
            checkFinite(name, "value", value);
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) { // also 0.0 and -0.0
                throw new IllegalArgumentException(
                        "axis " + name + ": the value " + sorted[i] + " is given more than once; give each value once");
            }
        }
        return new Axis(name, Spacing.VALUES, values.length, values[0], values[values.length - 1], values.clone());
    }

    /**
     * Refuses an axis with equal values.
     *
     * @param step from one value to the next
     * @param spacing how far apart doubles of the size of the values are
     */
    private void checkRises(double step, double spacing) {
        boolean isExactEnough = step >= Double.MIN_NORMAL; // else its own rounding adds up
        if (count == 1 || (isExactEnough && step > SURELY_APART * spacing)) {
            return;
        }
        for (int i = 1; i < count; i++) {
            if (!(value(i) > value(i - 1))) {
                throw new IllegalArgumentException("axis " + name + ": from " + from + " and to " + to
                        + " are too close to each other for " + count + " different values: numbers " + (i - 1)
                        + " and "
                        + i + " would be " + value(i - 1) + " and " + value(i) + "; use a smaller count");
            }
        }
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
        if ((count == 1) != (from == to)) {
            throw new IllegalArgumentException("axis " + name + ": count = 1 needs from = to, and from = to count = 1;"
                    + " they are " + from + ", " + to + " and " + count);
        }
        if (!Double.isFinite(to - from)) {
            throw new IllegalArgumentException("axis " + name + ": from " + from + " to " + to
                    + " is farther than the largest number, " + Double.MAX_VALUE);
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
