package org.astropool.internal.cli.display;

import java.io.PrintStream;
import org.astropool.internal.job.VisibleText;
import org.jspecify.annotations.Nullable;

/**
 * Escapes printed text with {@link VisibleText}, including logs and stack traces. Bytes are not changed, for output
 * that is meant to move the cursor. Formatted and appended text is passed to {@link #print(String)}.
 */
public final class VisibleOutput extends PrintStream {
    private final PrintStream target;

    private VisibleOutput(PrintStream target) {
        super(target, true);
        this.target = target;
    }

    public static PrintStream of(PrintStream target) {
        return target instanceof VisibleOutput ? target : new VisibleOutput(target);
    }

    /**
     * Replaces standard output and standard error of this process.
     *
     * @return restores them
     */
    public static Runnable install() {
        PrintStream out = System.out;
        PrintStream err = System.err;
        System.setOut(of(out));
        System.setErr(of(err));
        return () -> {
            System.setOut(out);
            System.setErr(err);
        };
    }

    @Override
    public void print(@Nullable String text) {
        target.print(VisibleText.of(String.valueOf(text)));
    }

    @Override
    public void print(@Nullable Object value) {
        print(String.valueOf(value));
    }

    @Override
    public void print(char c) {
        print(String.valueOf(c));
    }

    @Override
    public void print(char[] text) {
        print(String.valueOf(text));
    }

    @Override
    public void println(@Nullable String text) {
        target.println(VisibleText.of(String.valueOf(text)));
    }

    @Override
    public void println(@Nullable Object value) {
        println(String.valueOf(value));
    }

    @Override
    public void println(char c) {
        println(String.valueOf(c));
    }

    @Override
    public void println(char[] text) {
        println(String.valueOf(text));
    }
}
