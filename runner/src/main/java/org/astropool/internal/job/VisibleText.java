package org.astropool.internal.job;

/**
 * Makes characters visible that would control a terminal instead of being shown, or would change the order in which a
 * text is shown. Text of programs, models, workers and tables must not move the cursor or hide the text beside it.
 */
public final class VisibleText {
    private VisibleText() {}

    /**
     * The same text with such characters as {@code \\u001b}, which means the same inside a string of JSON. Ends of
     * lines and tabs stay.
     */
    public static String of(String text) {
        int first = 0;
        while (first < text.length() && isHarmless(text, first)) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder visible = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isHarmless(text, i)) {
                visible.append(c);
            } else {
                visible.append(String.format("\\u%04x", (int) c));
            }
        }
        return visible.toString();
    }

    private static boolean isHarmless(String text, int i) {
        char c = text.charAt(i);
        if (c == '\r') {
            return i + 1 < text.length() && text.charAt(i + 1) == '\n';
        }
        return c == '\n' || c == '\t' || !(Character.isISOControl(c) || changesDirection(c) || isLineEnd(c));
    }

    private static boolean changesDirection(char c) {
        return c == '\u061c'
                || (c >= '\u200e' && c <= '\u200f')
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }

    private static boolean isLineEnd(char c) {
        return c == '\u2028' || c == '\u2029';
    }
}
