package org.astropool.internal.json;

import com.grack.nanojson.JsonObject;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.jspecify.annotations.Nullable;

/** JSON as programs write it: bare {@code -inf}, {@code Infinity} and {@code NaN}, which are not JSON, are accepted. */
public final class LenientJson {
    private static final Pattern STRING_OR_BARE =
            Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"|([+-]?(?:[iI]nf(?:inity)?|INF|[nN]a[nN]|NAN)\\b)");

    private LenientJson() {}

    /** @throws IllegalArgumentException when it is not a JSON object, or is one that {@link StrictJson} refuses */
    public static JsonObject object(String text) {
        try {
            return StrictJson.object(text);
        } catch (IllegalArgumentException e) {
            String quoted = withQuotes(text);
            if (quoted.equals(text)) {
                throw e;
            }
            return StrictJson.object(quoted);
        }
    }

    private static String withQuotes(String text) {
        return STRING_OR_BARE
                .matcher(text)
                .replaceAll(match ->
                        Matcher.quoteReplacement(match.group(1) == null ? match.group() : "\"" + match.group() + "\""));
    }

    /**
     * Sets an output to a value of JSON.
     *
     * @throws IllegalArgumentException when the value is not of the output's type
     */
    public static void set(OutputRow row, int position, Output output, @Nullable Object value) {
        switch (output.type()) {
            case DOUBLE -> row.set(position, number(output, value));
            case LONG -> row.setLong(position, whole(output, value));
            case BOOLEAN -> row.setBoolean(position, flag(output, value));
            case STRING -> row.setString(position, text(output, value));
            case DOUBLE_VECTOR -> row.setVector(position, vector(output, value));
        }
    }

    public static double number(Output output, @Nullable Object value) {
        if (value instanceof Number number) {
            return StrictJson.number(number);
        }
        if (value == null) {
            return Double.NaN;
        }
        if (value instanceof String text) {
            return NumberText.parse(text); // a NumberFormatException is an IllegalArgumentException
        }
        throw mismatch(output, value, "a number");
    }

    private static long whole(Output output, @Nullable Object value) {
        Long whole = StrictJson.whole(value);
        if (whole != null) {
            return whole;
        }
        throw mismatch(output, value, "a whole number");
    }

    private static boolean flag(Output output, @Nullable Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw mismatch(output, value, "true or false");
    }

    private static String text(Output output, @Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw mismatch(output, value, "a string");
    }

    private static double[] vector(Output output, @Nullable Object value) {
        if (value instanceof java.util.List<?> list) {
            return list.stream().mapToDouble(each -> number(output, each)).toArray();
        }
        throw mismatch(output, value, "a list of numbers");
    }

    private static IllegalArgumentException mismatch(Output output, @Nullable Object value, String wanted) {
        return new IllegalArgumentException("output " + output.name() + " is " + value + ", it must be " + wanted);
    }
}
