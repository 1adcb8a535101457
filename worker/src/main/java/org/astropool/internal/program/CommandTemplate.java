package org.astropool.internal.program;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words with {@code {name}} in them; <code>${name}</code> is for a shell, and is left as it is. Immutable. */
final class CommandTemplate {
    /** Names in braces that astropool defines; a parameter cannot use them. */
    static final Set<String> OURS = Set.of("index", "seed", "scratch", "job");

    private static final Pattern PLACEHOLDER = Pattern.compile("(?<!\\$)\\{([A-Za-z][A-Za-z0-9_]*)\\}");

    private final List<String> words;

    CommandTemplate(List<String> words) {
        this.words = List.copyOf(words);
    }

    /** The names in braces that are not among these, in order. */
    Set<String> parameters() {
        Set<String> names = new LinkedHashSet<>();
        for (String word : words) {
            Matcher matcher = PLACEHOLDER.matcher(word);
            while (matcher.find()) {
                if (!OURS.contains(matcher.group(1))) {
                    names.add(matcher.group(1));
                }
            }
        }
        return names;
    }

    /** @param values of all names in braces */
    List<String> filled(Map<String, String> values) {
        List<String> filled = new ArrayList<>(words.size());
        for (String word : words) {
            filled.add(
                    word.indexOf('{') < 0
                            ? word
                            : PLACEHOLDER
                                    .matcher(word)
                                    .replaceAll(match -> Matcher.quoteReplacement(
                                            values.getOrDefault(match.group(1), match.group()))));
        }
        return filled;
    }
}
