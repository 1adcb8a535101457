package org.astropool.internal.json;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers as programs print them: those of Java and C, infinities, and Fortran's {@code 1.0D+02} and {@code 1.0-102}.
 */
public final class NumberText {
    private static final Pattern NUMBER =
            Pattern.compile("([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))(?:[eEdDqQ]([+-]?[0-9]+)|([+-][0-9]{3}))?");
    private static final Pattern INFINITY = Pattern.compile("([+-]?)inf(inity)?");
    private static final Pattern NAN = Pattern.compile("[+-]?nan(\\([0-9a-z]*\\))?");
    /** What Fortran prints for a number that does not fit its field. */
    private static final Pattern OVERFLOW = Pattern.compile("\\*+");

    private NumberText() {}

    /**
     * The number; NaN also for {@code ****}.
     *
     * @throws NumberFormatException when it is not a number, or is finite and beyond the range of a double
     */
    public static double parse(String text) {
        String stripped = text.strip();
        Matcher number = NUMBER.matcher(stripped);
        if (number.matches()) {
            String exponent = number.group(2) == null ? number.group(3) : number.group(2);
            double value = Double.parseDouble(exponent == null ? number.group(1) : number.group(1) + "e" + exponent);
            if (Double.isInfinite(value)) {
                throw new NumberFormatException(
                        "\"" + stripped + "\" is beyond the range of a double, whose largest is " + Double.MAX_VALUE);
            }
            return value;
        }
        String lower = stripped.toLowerCase(Locale.ROOT);
        Matcher infinity = INFINITY.matcher(lower);
        if (infinity.matches()) {
            return infinity.group(1).equals("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (NAN.matcher(lower).matches() || OVERFLOW.matcher(lower).matches()) {
            return Double.NaN;
        }
        throw new NumberFormatException("\"" + stripped + "\" is not a number");
    }
}
