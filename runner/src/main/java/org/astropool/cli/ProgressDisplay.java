package org.astropool.cli;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.astropool.pool.ProgressListener;

/** Shows how far a run is: a bar that is redrawn, or lines at growing intervals. Used by one thread. */
final class ProgressDisplay implements ProgressListener, AutoCloseable {

    /** How to show progress. */
    enum Style {
        /** A bar on a terminal, else lines. */
        AUTO,
        BAR,
        PLAIN,
        NONE
    }

    private static final int BAR_WIDTH = 24;
    private static final long BAR_INTERVAL = Duration.ofMillis(200).toNanos();
    private static final long FIRST_LINE = Duration.ofSeconds(5).toNanos();
    private static final long LONGEST_INTERVAL = Duration.ofMinutes(10).toNanos();
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final Style style;
    private final long start = System.nanoTime();
    private long interval;
    private long next;
    private boolean drawn;

    ProgressDisplay(PrintStream out, Style style) {
        this.out = out;
        this.style = style != Style.AUTO ? style : onTerminal() ? Style.BAR : Style.PLAIN;
        this.interval = this.style == Style.BAR ? BAR_INTERVAL : FIRST_LINE;
        this.next = start + interval;
    }

    @SuppressWarnings("SystemConsoleNull") // isTerminal() is asked where there is one
    private static boolean onTerminal() {
        Console console = System.console();
        if (console == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try { // from Java 22 on there is a console without a terminal, too
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    @Override
    public void progress(Progress progress) {
        long now = System.nanoTime();
        if (style == Style.NONE || now < next) {
            return;
        }
        String text = describe(progress, (now - start) * 1e-9);
        if (style == Style.BAR) {
            out.print(CLEAR_LINE + bar(progress) + " " + text);
            out.flush();
            drawn = true;
        } else {
            out.println("astropool: " + text);
            interval = Math.min(interval * 2, LONGEST_INTERVAL);
        }
        next = now + interval;
    }

    private static String bar(Progress progress) {
        int full = (int) (BAR_WIDTH * progress.done() / Math.max(1, progress.total()));
        return "[" + "#".repeat(full) + ".".repeat(BAR_WIDTH - full) + "]";
    }

    private static String describe(Progress progress, double seconds) {
        double rate = progress.done() / seconds;
        String left = progress.done() == 0 ? "?" : duration((progress.total() - progress.done()) / rate);
        return String.format(
                Locale.ROOT,
                "%d/%d (%.0f %%), %s/s, %d failed, %s left",
                progress.done(),
                progress.total(),
                100.0 * progress.done() / Math.max(1, progress.total()),
                Numbers.rate(rate),
                progress.failed(),
                left);
    }

    private static String duration(double seconds) {
        Duration left = Duration.ofSeconds((long) Math.ceil(seconds));
        return left.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", left.toHours(), left.toMinutesPart(), left.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", left.toMinutes(), left.toSecondsPart());
    }

    /** Removes the bar. */
    @Override
    public void close() {
        if (drawn) {
            out.print(CLEAR_LINE);
            out.flush();
        }
    }
}
