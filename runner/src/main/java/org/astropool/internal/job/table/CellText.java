package org.astropool.internal.job.table;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Numbers in tables of text, as astropy and TOPCAT read them. */
public final class CellText {
    private CellText() {}

    public static String of(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        return Double.toString(number);
    }

    /** As JSON, with the names that Python uses for numbers that are not finite. */
    public static String json(double[] vector) {
        return Arrays.stream(vector).mapToObj(Double::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
