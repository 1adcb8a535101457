package org.astropool.internal.job;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as users write them: "500 ms", "30 s", "1.5 min", "2 h". */
public final class DurationText {
    /** For messages. */
    public static final String FORMS = "like \"500 ms\", \"30 s\", \"5 min\", \"1 h\"";

    private static final Pattern DURATION = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) *(ms|s|m|min|h)");
    private static final Map<String, Double> SECONDS =
            Map.of("ms", 1e-3, "s", 1.0, "m", 60.0, "min", 60.0, "h", 3600.0);

    private DurationText() {}

    /** With three significant digits, or all before the point, in the unit that suits: "74.0 ms", "2.10 min". */
    public static String of(double seconds) {
        double[] units = {86400, 3600, 60, 1, 1e-3};
        String[] names = {"d", "h", "min", "s", "ms"};
        for (int i = 0; i < units.length; i++) {
            if (seconds >= units[i] * (i < 3 ? 2 : 1)) { // 90 s, not 1.50 min
                return digits(seconds / units[i]) + " " + names[i];
            }
        }
        return digits(seconds * 1e6) + " us";
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    /** @throws IllegalArgumentException for anything else, with {@link #FORMS} */
    public static Duration parse(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no duration; write it " + FORMS);
        }
        double seconds = Double.parseDouble(matcher.group(1)) * SECONDS.getOrDefault(matcher.group(2), 1.0);
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
