package org.astropool.external;

import org.jspecify.annotations.Nullable;

/**
 * An answer of numbers alone, as most are, read without the JSON parser: its buffers cost more than everything else about a
 * fast point. What is not exactly of this form is left to that parser.
 */
final class NumberAnswer {
    private final String text;
    private int at;
    private boolean matches = true;

    private NumberAnswer(String text) {
        this.text = text;
    }

    /**
     * The numbers of an answer.
     *
     * @param index that of the first point
     * @return one row a point, one column an output; null when the answer has any other form, says no index, or another
     */
    static double @Nullable [][] read(String text, long index, int points, int outputs) {
        NumberAnswer answer = new NumberAnswer(text);
        double[][] numbers = new double[points][outputs];
        answer.expect("{");
        answer.expect("\"results\"");
        answer.expect(":");
        answer.expect("[");
        for (int i = 0; i < points && answer.matches; i++) {
            if (i > 0) {
                answer.expect(",");
            }
            answer.expect("[");
            for (int j = 0; j < outputs; j++) {
                if (j > 0) {
                    answer.expect(",");
                }
                numbers[i][j] = answer.number();
            }
            answer.expect("]");
        }
        answer.expect("]");
        answer.expect(",");
        answer.expect("\"index\"");
        answer.expect(":");
        answer.expect(String.valueOf(index));
        answer.expect("}");
        answer.skipBlanks();
        return answer.matches && answer.at == text.length() ? numbers : null;
    }

    private void expect(String token) {
        skipBlanks();
        matches &= text.startsWith(token, at);
        at += token.length();
    }

    private void skipBlanks() {
        while (peek() == ' ') {
            at++;
        }
    }

    /** One of JSON's grammar. */
    private double number() {
        skipBlanks();
        int from = at;
        skip("-");
        boolean zero = peek() == '0';
        int digits = digits();
        matches &= digits == 1 || (digits > 1 && !zero);
        if (skip(".")) {
            matches &= digits() > 0;
        }
        if (skip("eE")) {
            skip("+-");
            matches &= digits() > 0;
        }
        return matches ? Double.parseDouble(text.substring(from, at)) : Double.NaN;
    }

    private int digits() {
        int from = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        return at - from;
    }

    private boolean skip(String anyOf) {
        boolean found = anyOf.indexOf(peek()) >= 0;
        at += found ? 1 : 0;
        return found;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }
}
