package org.astropool.internal.job.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many failed points a run may have and still count as a success.
 *
 * @param count the largest number of failed points
 * @param fraction or the largest fraction of all points that may fail, from 0 to 1
 */
public record FailureAllowance(long count, double fraction) {
    private static final Pattern PERCENT = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) *%");

    public static final FailureAllowance NONE = new FailureAllowance(0, 0);
    public static final FailureAllowance ANY = new FailureAllowance(0, 1);

    /** Reads {@code "any"} or {@code "5 %"}. @throws IllegalArgumentException on anything else */
    static FailureAllowance parse(String text) {
        if (text.equals("any")) {
            return ANY;
        }
        Matcher percent = PERCENT.matcher(text);
        if (!percent.matches() || Double.parseDouble(percent.group(1)) > 100) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a count, \"any\", or a percentage like \"5 %\"");
        }
        return new FailureAllowance(0, Double.parseDouble(percent.group(1)) / 100);
    }

    public boolean allows(long failed, long points) {
        return failed <= count || failed <= fraction * points;
    }
}
