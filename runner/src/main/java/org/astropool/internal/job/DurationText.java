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

    /** [days-]hours:minutes:seconds, minutes:seconds, or days-hours. */
    private static final Pattern CLOCK = Pattern.compile("(?:(\\d{1,4})-)?(\\d{1,4})(?::(\\d{1,2}))?(?::(\\d{1,2}))?");

    private DurationText() {}

    /**
     * The same, or a time as Slurm writes it: "01:30:00", "90:00" (minutes and seconds), "2-12" (days and hours).
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Duration parseTimeLimit(String text) {
        Matcher clock = CLOCK.matcher(text.strip());
        if (!clock.matches() || !text.matches(".*[-:].*")) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(e.getMessage() + " or \"01:00:00\"", e);
            }
        }
        boolean hasDays = clock.group(1) != null;
        boolean isMinutes = !hasDays && clock.group(4) == null;
        long days = hasDays ? Long.parseLong(clock.group(1)) : 0;
        long first = Long.parseLong(clock.group(2));
        long second = clock.group(3) == null ? 0 : Long.parseLong(clock.group(3));
        long third = clock.group(4) == null ? 0 : Long.parseLong(clock.group(4));
        return isMinutes
                ? Duration.ofMinutes(first).plusSeconds(second)
                : Duration.ofDays(days).plusHours(first).plusMinutes(second).plusSeconds(third);
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
