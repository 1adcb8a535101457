package org.astropool.internal.program;

/** Words that mean nothing to a shell. Stateless. */
final class ShellText {
    private ShellText() {}

    /** Appends a word in single quotes. */
    static void quote(String word, StringBuilder script) {
        script.append('\'').append(word.replace("'", "'\\''")).append('\'');
    }
}
