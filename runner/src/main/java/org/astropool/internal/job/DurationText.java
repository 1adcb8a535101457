package org.astropool.internal.job;

import java.time.Duration;
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
