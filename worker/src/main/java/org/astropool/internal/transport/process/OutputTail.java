package org.astropool.internal.transport.process;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last lines that a process printed: at most 20, and 4096 characters. Thread-safe. */
final class OutputTail {
    private static final int MAX_LINES = 20;
    private static final int MAX_CHARACTERS = 4096;
    /**
     * After this line, a crash report of the JVM only names a file that is suppressed, and where to report bugs in
     * Java.
     */
    private static final String END_OF_CRASH = "# An error report file with more information is saved as:";

    private final Deque<String> lines = new ArrayDeque<>();
    private int characters;
    private boolean crashed;

    synchronized void add(String line) {
        crashed |= line.equals(END_OF_CRASH);
        if (crashed || line.isBlank() || line.equals("#")) {
            return;
        }
        lines.add(line);
        characters += line.length() + 1;
        while (lines.size() > MAX_LINES || (characters > MAX_CHARACTERS && lines.size() > 1)) {
            characters -= lines.remove().length() + 1;
        }
    }

    /** The lines, "\n" between them; "" when nothing was printed. */
    synchronized String text() {
        String text = String.join("\n", lines);
        return text.length() > MAX_CHARACTERS ? text.substring(text.length() - MAX_CHARACTERS) : text;
    }
}
