package org.astropool.internal.json;

/**
 * Reads JSON that consists of numbers with known text between them, without the JSON parser, whose buffers cost more
 * than all the rest of a fast point. Text that does not match is left to that parser, which reports what is wrong. For
 * one thread.
 */
public final class NumberScanner {
    private final String text;
    private int at;
    private boolean matches = true;

    public NumberScanner(String text) {
        this.text = text;
    }

    /** Whether everything so far was as expected. */
    public boolean matches() {
        return matches;
    }

    /** Whether everything was as expected, up to the end. */
    public boolean matchesToTheEnd() {
        skipBlanks();
        return matches && at == text.length();
    }

    /** Goes on behind a token, which must be next. */
    public void expect(String token) {
        skipBlanks();
        matches &= text.startsWith(token, at);
        at += token.length();
    }

    /** Goes on behind a character where it is next. */
    public boolean skipIf(char token) {
        skipBlanks();
        boolean found = peek() == token;
        at += found ? 1 : 0;
        return found;
    }

    /** The number that is next, by JSON's grammar; NaN when there is none, or it is beyond the range of a double. */
    public double number() {
        skipBlanks();
        int from = at;
        skipAny("-");
        boolean zero = peek() == '0';
        int digits = digits();
        matches &= digits == 1 || (digits > 1 && !zero);
        if (skipAny(".")) {
            matches &= digits() > 0;
        }
        if (skipAny("eE")) {
            skipAny("+-");
            matches &= digits() > 0;
        }
        double number = matches ? Double.parseDouble(text.substring(from, at)) : Double.NaN;
        matches &= Double.isFinite(number);
        return number;
    }

    private int digits() {
        int from = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        return at - from;
    }

    private void skipBlanks() {
        while (peek() == ' ') {
            at++;
        }
    }

    private boolean skipAny(String anyOf) {
        boolean found = anyOf.indexOf(peek()) >= 0;
        at += found ? 1 : 0;
        return found;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }
}
