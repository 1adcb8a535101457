package org.astropool.internal.json;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON from outside. The parser alone accepts values that cannot be represented or are ambiguous, and its
 * recursion overflows the stack where brackets are nested deeply. Refused, beside what is not JSON: nesting of more
 * than {@value #DEEPEST} levels, numbers of more than {@value #LONGEST_NUMBER} characters, the same key twice in an
 * object, and strings that are not valid Unicode. Stateless.
 */
public final class StrictJson {
    static final int DEEPEST = 64;
    /** Every double can be written with fewer; the time to parse a whole number grows with the square. */
    static final int LONGEST_NUMBER = 2000;
    /** No character of valid text: what stands for bytes that are not UTF-8 (see {@link LineInput}). */
    private static final String BROKEN_TEXT =
            "a string is not valid Unicode: it has bytes that are not UTF-8, or half of a surrogate pair";

    private StrictJson() {}

    /**
     * The value: a {@link JsonObject}, {@link JsonArray}, String, Number, Boolean or null.
     *
     * @throws IllegalArgumentException when the text is not JSON, or is refused
     */
    public static @Nullable Object value(String text) {
        int members = members(text);
        try {
            Object value = JsonParser.any().from(text);
            if (checked(value) < members) {
                throw new IllegalArgumentException("an object has the same key twice");
            }
            return value;
        } catch (JsonParserException e) {
            throw new IllegalArgumentException(e.getMessage() + " (offset " + e.getCharPosition() + ")", e);
        }
    }

    /** The same of an object. @throws IllegalArgumentException also when it is another value */
    public static JsonObject object(String text) {
        if (value(text) instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException("it is not a JSON object");
    }

    /**
     * A whole number, also where it is written as {@code 5.0}.
     *
     * @return null when the value is anything else, or does not fit
     */
    public static @Nullable Long whole(@Nullable Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) <= 1L << 53) {
            return number.longValue();
        }
        return null;
    }

    /**
     * A number as a double.
     *
     * @throws IllegalArgumentException when it is beyond the range of a double: infinities are strings
     */
    public static double number(Number value) {
        double number = value.doubleValue();
        if (Double.isInfinite(number)) {
            throw new IllegalArgumentException("a number is beyond the range of a double, whose largest is "
                    + Double.MAX_VALUE + "; write infinities as \"inf\" and \"-inf\"");
        }
        return number;
    }

    /** Counts the members of all objects, duplicates too, and checks what the parser must not see. */
    private static int members(String text) {
        int depth = 0;
        int members = 0;
        int length = 0; // of the text between structural characters
        for (int i = 0; i < text.length(); i++) {
            length++;
            switch (text.charAt(i)) {
                case '"' -> {
                    i = endOfString(text, i);
                    length = 0;
                }
                case '[', '{' -> {
                    if (++depth > DEEPEST) {
                        throw new IllegalArgumentException(
                                "lists and objects are nested more than " + DEEPEST + " levels deep at offset " + i);
                    }
                    length = 0;
                }
                case ']', '}' -> {
                    depth--;
                    length = 0;
                }
                case ':' -> {
                    members++;
                    length = 0;
                }
                case ',', ' ', '\t', '\n', '\r' -> length = 0;
                default -> {
                    if (length > LONGEST_NUMBER) {
                        throw new IllegalArgumentException(
                                "a number has more than " + LONGEST_NUMBER + " characters at offset " + i);
                    }
                }
            }
        }
        return members;
    }

    /** Where the string ends that begins here; the end of the text where it does not. */
    private static int endOfString(String text, int begin) {
        int i = begin + 1;
        while (i < text.length() && text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return i;
    }

    /** Counts the members of all objects. */
    private static int checked(@Nullable Object value) {
        int members = 0;
        if (value instanceof JsonObject object) {
            for (var member : object.entrySet()) {
                checkText(member.getKey());
                members += 1 + checked(member.getValue());
            }
        } else if (value instanceof JsonArray list) {
            for (Object element : list) {
                members += checked(element);
            }
        } else if (value instanceof String text) {
            checkText(text);
        }
        return members;
    }

    private static void checkText(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
                    throw new IllegalArgumentException(BROKEN_TEXT);
                }
                i++;
            }
        }
    }
}
