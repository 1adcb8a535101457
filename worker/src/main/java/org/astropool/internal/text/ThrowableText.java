package org.astropool.internal.text;

import java.io.PrintWriter;
import java.io.Writer;

/**
 * The text of a Throwable from user code. Its methods are user code, too: each of them may throw anything, and its
 * chain of causes may be endless. The methods here do not throw because of that.
 */
public final class ThrowableText {
    private static final String LINE = System.lineSeparator();

    private ThrowableText() {}

    /** As {@link Throwable#toString}. */
    public static String describe(Throwable thrown) {
        try {
            return String.valueOf((Object) thrown.toString());
        } catch (Throwable broken) {
            return nameOf(thrown) + " (its toString() throws " + nameOf(broken) + ")";
        }
    }

    /** As {@link Throwable#getMessage}, "null" when there is none. */
    public static String message(Throwable thrown) {
        try {
            return String.valueOf((Object) thrown.getMessage());
        } catch (Throwable broken) {
            return "its getMessage() throws " + nameOf(broken);
        }
    }

    /**
     * As {@link Throwable#printStackTrace()} prints it.
     *
     * @param maxChars the text is cut off after this many
     */
    public static String stackTrace(Throwable thrown, int maxChars) {
        Limited text = new Limited(maxChars);
        try {
            thrown.printStackTrace(new PrintWriter(text));
        } catch (FullError full) {
            return text + "...";
        } catch (Throwable broken) {
            return withoutItsHelp(thrown, broken, maxChars);
        }
        return text.toString();
    }

    private static String withoutItsHelp(Throwable thrown, Throwable broken, int maxChars) {
        StringBuilder text = new StringBuilder(nameOf(thrown))
                .append(" (to print it throws ")
                .append(nameOf(broken))
                .append(')')
                .append(LINE);
        try {
            for (StackTraceElement frame : thrown.getStackTrace()) {
                if (text.length() > maxChars) {
                    break;
                }
                text.append("\tat ").append(frame).append(LINE);
            }
        } catch (Throwable again) {
            return text.toString();
        }
        return text.toString();
    }

    private static String nameOf(Throwable thrown) {
        return thrown.getClass().getName();
    }

    /** Ends the printing of a Throwable whose text is long enough. */
    private static final class FullError extends Error {
        private static final long serialVersionUID = 1;

        FullError() {
            super("", null, false, false);
        }
    }

    private static final class Limited extends Writer {
        private final StringBuilder text = new StringBuilder();
        private final int maxChars;

        Limited(int maxChars) {
            this.maxChars = maxChars;
        }

        @Override
        public void write(char[] chars, int from, int count) {
            int room = maxChars - text.length();
            text.append(chars, from, Math.min(room, count));
            if (count > room) {
                throw new FullError();
            }
        }

        @Override
        public void write(String string, int from, int count) {
            int room = maxChars - text.length();
            text.append(string, from, from + Math.min(room, count));
            if (count > room) {
                throw new FullError();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
