package org.astropool.internal.cli.display;

import java.util.Locale;

/** Formats numbers for users. */
public final class Numbers {
    private Numbers() {}

    /** Six significant digits, for values of parameters. */
    public static String value(double number) {
        double size = Math.abs(number);
        return size == 0 || (size >= 1e-4 && size < 1e6)
                ? String.format(
                        Locale.ROOT,
                        "%." + Math.max(0, 5 - (int) Math.floor(Math.log10(Math.max(size, 1)))) + "f",
                        number)
                : String.format(Locale.ROOT, "%.5e", number);
    }

    /** Three significant digits, for rates. */
    public static String rate(double number) {
        return String.format(Locale.ROOT, number < 10 ? "%.2f" : number < 100 ? "%.1f" : "%.0f", number);
    }
}
