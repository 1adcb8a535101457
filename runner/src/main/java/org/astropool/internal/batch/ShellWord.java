package org.astropool.internal.batch;

import java.util.List;
import java.util.stream.Collectors;

/** Words of a shell script. Stateless. */
public final class ShellWord {
    private ShellWord() {}

    /** The word as the shell reads it back, whatever it contains. */
    public static String of(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    static String of(List<String> words) {
        return words.stream().map(ShellWord::of).collect(Collectors.joining(" "));
    }
}
