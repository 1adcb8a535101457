package org.astropool.internal.job.table;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Numbers in tables of text. */
final class NumberText {
    /**
     * Numbers as programs write them, including the exponents of Fortran, which omits the letter before three digits.
     */
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eEdD][+-]?\\d+)?|[+-]?\\d*\\.\\d+[+-]\\d{3}");

    private static final Pattern FORTRAN = Pattern.compile("[dD]|(?<=\\d)(?=[+-])");

    private static final Pattern WHOLE = Pattern.compile("\\+?0|[+-]?[1-9]\\d*");

    /**
     * Text in a form that no program uses for numbers is a name: 00123, and 2005e1, which programs write as 2005.0e1 or
     * 2.005e+04.
     */
    private static final Pattern WRITTEN = Pattern.compile(
            "[+-]?(?:0|[1-9]\\d*)(?:[eE][+-]\\d+)?|[+-]?(?:(?:0|[1-9]\\d*)\\.\\d*|\\.\\d+)(?:[eEdD][+-]?\\d+)?");

    private NumberText() {}

    /** The number in a text, which may be NaN or infinite; empty when the text is not a number. */
    public static OptionalDouble parse(String text) {
        if (DECIMAL.matcher(text).matches()) {
            boolean isPlain = text.chars().noneMatch(c -> c == 'd' || c == 'D')
                    && (text.indexOf('e') >= 0 || text.indexOf('E') >= 0 || lastSign(text) <= 0);
            return OptionalDouble.of(
                    Double.parseDouble(isPlain ? text : FORTRAN.matcher(text).replaceFirst("e")));
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan", "+nan", "-nan" -> OptionalDouble.of(Double.NaN);
            case "inf", "+inf", "infinity", "+infinity" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
            case "-inf", "-infinity" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
            default -> OptionalDouble.empty();
        };
    }

    private static int lastSign(String text) {
        return Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
    }

    /** Whether it is a whole number as programs write them. */
    static boolean isWhole(String text) {
        return WHOLE.matcher(text).matches();
    }

    /** Whether it is a number as programs write them, and not a name that looks like one. */
    static boolean isWritten(String text) {
        boolean endsInLetter = !text.isEmpty() && Character.isLetter(text.charAt(text.length() - 1));
        return WRITTEN.matcher(text).matches() || (endsInLetter && parse(text).isPresent()); // nan, inf
    }
}
