package org.astropool.internal.page;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes maps, lists, arrays, text and numbers as JSON that can stand inside a {@code script} element. Numbers that
 * JSON cannot represent become null. Arrays of numbers are shortened to the precision that a chart can show.
 */
final class PageJson {
    /** Below this spread, relative to the largest number, seven digits do not separate the numbers of an array. */
    private static final double NARROW = 1e-3;

    private final StringBuilder out = new StringBuilder(1 << 16);

    private PageJson() {}

    static String of(@Nullable Object value) {
        PageJson json = new PageJson();
        json.write(value);
        return json.out.toString();
    }

    private void write(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            text(text);
        } else if (value instanceof Map<?, ?> map) {
            map(map);
        } else if (value instanceof List<?> list) {
            list(list);
        } else if (value instanceof double[] numbers) {
            numbers(numbers);
        } else if (value instanceof int[] numbers) {
            numbers(numbers);
        } else if (value instanceof Number number) {
            number(number);
        } else if (value == null || value instanceof Boolean) {
            out.append(value);
        } else {
            text(value.toString());
        }
    }

    private void number(Number number) {
        out.append(Double.isFinite(number.doubleValue()) ? number.toString() : "null");
    }

    private void map(Map<?, ?> map) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            text(String.valueOf(entry.getKey()));
            out.append(':');
            write(entry.getValue());
            separator = ",";
        }
        out.append('}');
    }

    private void list(List<?> list) {
        out.append('[');
        String separator = "";
        for (Object each : list) {
            out.append(separator);
            write(each);
            separator = ",";
        }
        out.append(']');
    }

    private void numbers(int[] numbers) {
        out.append('[');
        for (int i = 0; i < numbers.length; i++) {
            out.append(i == 0 ? "" : ",").append(numbers[i]);
        }
        out.append(']');
    }

    private void numbers(double[] numbers) {
        boolean isShort = areApart(numbers);
        out.append('[');
        for (int i = 0; i < numbers.length; i++) {
            out.append(i == 0 ? "" : ",");
            if (!Double.isFinite(numbers[i])) {
                out.append("null");
            } else if (numbers[i] == Math.rint(numbers[i]) && Math.abs(numbers[i]) < 1L << 53) {
                out.append((long) numbers[i]);
            } else if (isShort) {
                out.append((float) numbers[i]);
            } else {
                out.append(numbers[i]);
            }
        }
        out.append(']');
    }

    /** Whether the numbers can be told apart when they are written with the precision of a float. */
    private static boolean areApart(double[] numbers) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        double tiniest = Double.POSITIVE_INFINITY;
        for (double number : numbers) {
            if (Double.isFinite(number)) {
                least = Math.min(least, number);
                most = Math.max(most, number);
                tiniest = number == 0 ? tiniest : Math.min(tiniest, Math.abs(number));
            }
        }
        double largest = Math.max(Math.abs(least), Math.abs(most));
        return most - least > NARROW * largest && largest < Float.MAX_VALUE && tiniest > Float.MIN_NORMAL;
    }

    private void text(CharSequence text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c < ' ' || c == '<' || (c >= '\u007f' && c < '\u00a0') || isUnsafe(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** Ends of lines for a script; halves of surrogate pairs, which UTF-8 cannot represent; marks of direction. */
    private static boolean isUnsafe(char c) {
        return Character.isSurrogate(c) || (c >= '\u200b' && c <= '\u202f') || (c >= '\u2060' && c <= '\u206f');
    }
}
