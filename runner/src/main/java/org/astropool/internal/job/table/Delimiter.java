package org.astropool.internal.job.table;

import java.util.ArrayList;
import java.util.List;

/**
 * The separator between the cells of a row of text. A cell that begins with a quote ends with one; two quotes within it
 * stand for one.
 */
enum Delimiter {
    TAB('\t'),
    SEMICOLON(';'),
    COMMA(','),
    BAR('|'),
    /** Any number of blanks. */
    BLANKS(' ');

    private final char character;

    Delimiter(char character) {
        this.character = character;
    }

    /** The cells of a row. */
    List<String> split(String row) {
        List<String> cells = new ArrayList<>();
        split(row, cells);
        return cells;
    }

    /** Whether a cell at the end of the text has a quote that is not closed: the row continues on the next line. */
    boolean isOpen(String row) {
        return row.indexOf('"') >= 0 && split(row, new ArrayList<>());
    }

    private boolean split(String row, List<String> cells) {
        int at = 0;
        int length = row.length();
        while (true) {
            while (at < length && isBlank(row.charAt(at))) {
                at++;
            }
            if (at >= length) {
                if (this != BLANKS) {
                    cells.add("");
                }
                return false;
            }
            char first = row.charAt(at);
            StringBuilder quoted = null;
            if (first == '"' || (this == BLANKS && first == '\'')) {
                quoted = new StringBuilder();
                at = readQuoted(row, at, quoted);
                if (at < 0) {
                    cells.add(quoted.toString());
                    return true;
                }
            }
            int begin = at;
            while (at < length && !ends(row.charAt(at))) {
                at++;
            }
            String rest = row.substring(begin, at).strip();
            cells.add(quoted == null ? rest : quoted.append(rest).toString());
            if (this != BLANKS) {
                if (at >= length) {
                    return false;
                }
                at++;
            }
        }
    }

    /** @return the position after the closing quote, or -1 when there is none */
    private static int readQuoted(String row, int start, StringBuilder text) {
        char quote = row.charAt(start);
        for (int at = start + 1; at < row.length(); at++) {
            char c = row.charAt(at);
            if (c != quote) {
                text.append(c);
            } else if (at + 1 < row.length() && row.charAt(at + 1) == quote) {
                text.append(quote);
                at++;
            } else {
                return at + 1;
            }
        }
        return -1;
    }

    private boolean isBlank(char c) {
        boolean isSpace = c == ' ' || c == '\t' || c == '\u00a0';
        return isSpace && (this == BLANKS || c != character);
    }

    private boolean ends(char c) {
        return this == BLANKS ? isBlank(c) : c == character;
    }
}
