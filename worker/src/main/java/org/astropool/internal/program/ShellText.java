package org.astropool.internal.program;

/** Quotes words so that a shell does not interpret them. Stateless. */
final class ShellText {
    private ShellText() {}

    /** Appends a word in single quotes. */
    static void quote(String word, StringBuilder script) {
        script.append('\'').append(word.replace("'", "'\\''")).append('\'');
    }
}
