package org.astropool.job;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Numbers in tables of text, as astropy and TOPCAT read them. */
final class CellText {
    private CellText() {}

    static String of(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        return Double.toString(number);
    }

    /** With the names of JSON as Python writes them. */
    static String json(double[] vector) {
        return Arrays.stream(vector).mapToObj(Double::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
