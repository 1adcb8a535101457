package org.astropool.internal.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a job asks its batch system for.
 *
 * @param name of the job
 * @param time after which the batch system ends it
 * @param account to which the time is charged
 * @param partition the partition or queue
 * @param coresPerNode for batch systems that have to be told
 * @param wholeNodes whether no other jobs are allowed on its nodes
 * @param copies of the job, as tasks of an array; 0 for an ordinary job
 * @param options more options of the command that submits
 */
public record BatchRequest(
        String name,
        int nodes,
        Duration time,
        Optional<String> account,
        Optional<String> partition,
        OptionalInt coresPerNode,
        boolean wholeNodes,
        int copies,
        List<String> options) {
    /** In a shorter job the warning, which may come a minute early, would end the run for no reason. */
    private static final Duration SHORTEST_WITH_WARNING = Duration.ofMinutes(10);

    boolean isWarned() {
        return time.compareTo(SHORTEST_WITH_WARNING) >= 0;
    }

    /** The time as HH:MM:SS; more than a day has more hours. */
    String clock() {
        long seconds = time.plusMillis(999).toSeconds();
        return String.format(Locale.ROOT, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    /** The options, those of one line with their values. */
    List<List<String>> optionLines() {
        List<List<String>> lines = new ArrayList<>();
        for (String word : options) {
            if (word.startsWith("-") || lines.isEmpty()) {
                lines.add(new ArrayList<>());
            }
            lines.get(lines.size() - 1).add(word);
        }
        return lines;
    }

    /** Whether one of the options is given. */
    boolean has(String... names) {
        return options.stream().anyMatch(option -> {
            for (String name : names) {
                if (option.equals(name) || option.startsWith(name + "=")) {
                    return true;
                }
            }
            return false;
        });
    }
}
