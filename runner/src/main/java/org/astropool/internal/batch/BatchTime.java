package org.astropool.internal.batch;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.astropool.internal.job.DurationText;
import org.jspecify.annotations.Nullable;

/** The time of a batch job, as astropool and as Slurm write durations. */
public final class BatchTime {
    private static final Pattern SLURM = Pattern.compile(
            "(?:(?<days>\\d{1,4})-)?(?<first>\\d{1,6})(?::(?<second>\\d{1,2}))?(?::(?<third>\\d{1,2}))?");

    private BatchTime() {}

    /**
     * Reads {@code 90 min} or {@code 2h}; and minutes, {@code minutes:seconds}, {@code hours:minutes:seconds},
     * {@code days-hours}, {@code days-hours:minutes} or {@code days-hours:minutes:seconds}.
     *
     * @throws IllegalArgumentException for anything else, and for no time at all
     */
    public static Duration parse(String text) {
        Matcher slurm = SLURM.matcher(text.strip());
        Duration time = slurm.matches() ? slurm(slurm) : duration(text);
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a job needs more time than \"" + text + "\"");
        }
        return time;
    }

    private static Duration duration(String text) {
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no time; write it like \"90 min\", \"2h\", \"02:00:00\" or \"1-12:00:00\"", e);
        }
    }

    private static Duration slurm(Matcher text) {
        long first = number(text.group("first"));
        long second = number(text.group("second"));
        long third = number(text.group("third"));
        if (text.group("days") != null) {
            return Duration.ofDays(number(text.group("days")))
                    .plusHours(first)
                    .plusMinutes(second)
                    .plusSeconds(third);
        }
        return text.group("third") != null
                ? Duration.ofHours(first).plusMinutes(second).plusSeconds(third)
                : Duration.ofMinutes(first).plusSeconds(second);
    }

    private static long number(@Nullable String text) {
        return text == null ? 0 : Long.parseLong(text);
    }
}
