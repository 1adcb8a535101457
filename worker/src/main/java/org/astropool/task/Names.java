package org.astropool.task;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The rule for names of parameters and outputs, which become column names. */
final class Names {
    private static final Pattern FORM = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
    private static final Set<String> OURS = Set.of("index", "status", "weight", "log_prior", "log_posterior");

    private Names() {}

    static boolean isValid(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return FORM.matcher(name).matches() && !OURS.contains(lower) && !lower.startsWith("ap_");
    }

    static void check(String what, String name) {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    what + " \"" + name + "\": a name is a letter, then letters, digits and _");
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (OURS.contains(lower) || lower.startsWith("ap_")) {
            throw new IllegalArgumentException(
                    what + " \"" + name + "\": this name is astropool's own (" + OURS + " and ap_*)");
        }
    }
}
