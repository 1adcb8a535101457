package org.astropool.internal.figure;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * An axis: a range of values, linear or logarithmic, with round values for its ticks.
 *
 * @param label in the subset of LaTeX of docs/plots.md
 * @param from below to; above 0 if it is logarithmic
 */
public record Axis(String label, double from, double to, boolean isLogarithmic) {
    private static final double[] STEPS = {1, 2, 2.5, 5, 10};

    /** A tick; the text may be a formula. */
    record Tick(double value, String text) {}

    /** The ticks, and the power of ten by which their texts are to be multiplied. */
    record Ticks(List<Tick> ticks, int exponent) {}

    public Axis {
        if (!(from < to)) {
            throw new IllegalArgumentException("an axis from " + from + " to " + to);
        }
    }

    public static Axis linear(String label, double from, double to) {
        return new Axis(label, from, to, false);
    }

    /**
     * A label with a unit.
     *
     * @param unit in the syntax of VOUnit, such as {@code km.s-1.Mpc-1}
     */
    public static String withUnit(String label, String unit) {
        String text =
                unit.replace('.', ' ').replaceAll("(?<=[A-Za-z])(?:\\*\\*|\\^)?\\(?([+-]?\\d+)\\)?", "\\$^{$1}\\$");
        return Label.mixed(label) + " [" + text + "]";
    }

    /** Where a value is, from 0 to 1. */
    double fraction(double value) {
        return isLogarithmic
                ? (Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from))
                : (value - from) / (to - from);
    }

    /**
     * Round values inside the range.
     *
     * @param most at least 2
     */
    Ticks ticks(int most) {
        return isLogarithmic ? powers(most) : even(most);
    }

    private Ticks powers(int most) {
        int first = (int) Math.ceil(Math.log10(from) - 1e-9);
        int last = (int) Math.floor(Math.log10(to) + 1e-9);
        if (last - first < 1) {
            return even(most);
        }
        int interval = Math.max(1, (last - first) / most + 1);
        List<Tick> ticks = new ArrayList<>();
        for (int power = first; power <= last; power += interval) {
            ticks.add(new Tick(Math.pow(10, power), power == 0 ? "1" : power == 1 ? "10" : "$10^{" + power + "}$"));
        }
        return new Ticks(ticks, 0);
    }

    /** With the shortest step that does not give too many; of more, the two outer ones, if it would give one only. */
    private Ticks even(int most) {
        Ticks ticks = shortest(most);
        for (int more = most + 1; ticks.ticks.size() < 2 && more <= 2 * most + 2; more++) {
            Ticks finer = shortest(more);
            int count = finer.ticks.size();
            if (count >= 2) {
                ticks = new Ticks(List.of(finer.ticks.get(0), finer.ticks.get(count - 1)), finer.exponent);
            }
        }
        return ticks;
    }

    private Ticks shortest(int most) {
        double magnitude = Math.pow(10, Math.floor(Math.log10((to - from) / (most + 1))));
        while (true) {
            for (double each : STEPS) {
                double step = each * magnitude;
                long first = (long) Math.ceil(from / step - 1e-9);
                long last = (long) Math.floor(to / step + 1e-9);
                if (last - first + 1 <= most) {
                    return ticks(first, last, step);
                }
            }
            magnitude *= 10;
        }
    }

    private Ticks ticks(long first, long last, double step) {
        double largest = Math.max(Math.abs(from), Math.abs(to));
        int power = (int) Math.floor(Math.log10(largest));
        int exponent = power >= 5 || power <= -3 ? power : 0;
        BigDecimal exact = new BigDecimal(step).round(new MathContext(3)).stripTrailingZeros();
        BigDecimal shown = exact.scaleByPowerOfTen(-exponent);
        int decimals = Math.max(0, shown.stripTrailingZeros().scale());
        List<Tick> ticks = new ArrayList<>();
        for (long i = first; i <= last; i++) {
            String text = shown.multiply(BigDecimal.valueOf(i))
                    .setScale(decimals, RoundingMode.HALF_EVEN)
                    .toPlainString();
            ticks.add(new Tick(exact.multiply(BigDecimal.valueOf(i)).doubleValue(), text.replace('-', '\u2212')));
        }
        return new Ticks(ticks, exponent);
    }

    /** The label with the factor that the ticks leave out. */
    String label(Ticks of) {
        return of.exponent == 0 ? label : Label.mixed(label) + " [$10^{" + of.exponent + "}$]";
    }
}
