package org.astropool.internal.cli.display;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.astropool.internal.cli.process.Signals;
import org.astropool.pool.ProgressListener;
import org.jspecify.annotations.Nullable;

/**
 * Shows the progress of a run: a bar that is redrawn, or lines at increasing intervals. The first progress that it
 * receives is the beginning of the run, which is not 0 after a resume. A failure of the display switches it off and
 * does not affect the run.
 */
public final class ProgressDisplay implements ProgressListener, AutoCloseable {

    /** How to show progress. */
    public enum Style {
        /** A bar on a terminal, else lines. */
        AUTO,
        BAR,
        PLAIN,
        NONE
    }

    private static final int BAR_WIDTH = 24;
    private static final int DEFAULT_COLUMNS = 80;
    private static final long BAR_INTERVAL = Duration.ofMillis(200).toNanos();
    private static final long FIRST_LINE = Duration.ofSeconds(5).toNanos();
    private static final long LONGEST_INTERVAL = Duration.ofMinutes(10).toNanos();
    private static final long LONGEST_CLOCK_HOURS = 100;

    private final PrintStream before;
    private final StatusLine statusLine;
    private final PrintStream out;
    private final LongSupplier clock;
    private final IntSupplier terminal;
    private volatile boolean resized = true;
    private Style style;
    private int columns;
    private @Nullable Progress first;
    private long start;
    private long interval = BAR_INTERVAL;
    private long next;

    /**
     * A display on a stream.
     *
     * @param clock the time in nanoseconds
     * @param terminal the number of columns of the terminal of the stream, 0 for no terminal
     */
    ProgressDisplay(PrintStream out, Style style, LongSupplier clock, IntSupplier terminal) {
        this.before = out;
        this.statusLine = new StatusLine(out);
        this.out = new PrintStream(
                statusLine,
                true,
                Charset.forName(System.getProperty(
                        "stderr.encoding", Charset.defaultCharset().name())));
        this.style = style;
        this.clock = clock;
        this.terminal = terminal;
    }

    /** A display on standard error, which is cleared whenever something else is printed there. */
    public static ProgressDisplay onStandardError(Style style) {
        ProgressDisplay display = new ProgressDisplay(System.err, style, System::nanoTime, Terminal::columns);
        if (style == Style.AUTO || style == Style.BAR) {
            System.setErr(display.out);
        }
        return display;
    }

    @Override
    public synchronized void progress(Progress progress) {
        if (style == Style.NONE) {
            return;
        }
        try {
            show(progress);
        } catch (RuntimeException | Error e) {
            style = Style.NONE;
            out.println("astropool: the progress display failed and is switched off; the run continues: " + e);
        }
    }

    private void show(Progress progress) {
        long now = clock.getAsLong();
        if (first == null) {
            first = progress;
            start = now;
            next = start + (style == Style.PLAIN ? FIRST_LINE : BAR_INTERVAL);
        }
        if (now - next < 0) {
            return;
        }
        if (style != Style.PLAIN && resized) { // not done earlier, since a short run shows nothing
            lookAtTerminal();
        }
        double seconds = (now - start) * 1e-9;
        if (style == Style.BAR) {
            statusLine.draw(bar(progress, first, seconds, columns - 1)); // the last column would begin a new line
        } else if (now - start >= FIRST_LINE) {
            out.println("astropool: " + String.join(", ", parts(progress, first, seconds)));
            interval = Math.min(Math.max(FIRST_LINE, interval) * 2, LONGEST_INTERVAL);
        }
        next = now + interval;
    }

    private void lookAtTerminal() {
        resized = false;
        columns = terminal.getAsInt();
        if (style == Style.AUTO) {
            style = columns > 0 && !Terminal.isDumb() ? Style.BAR : Style.PLAIN;
        }
        if (columns <= 0) {
            columns = DEFAULT_COLUMNS;
        }
        if (style == Style.BAR) {
            Signals.handle("WINCH", name -> resized = true);
        }
    }

    /** One line with as much as fits. */
    private static String bar(Progress progress, Progress first, double seconds, int width) {
        List<String> parts = parts(progress, first, seconds);
        String counts = parts.get(0);
        String time = parts.get(3);
        String all = String.join(", ", parts);
        Stream<String> fromLongToShort =
                Stream.of(all, counts + ", " + parts.get(2) + ", " + time, counts + ", " + time);
        return Stream.concat(
                        progress.total() < 0 ? Stream.empty() : Stream.of(picture(progress) + " " + all),
                        fromLongToShort)
                .filter(text -> text.length() <= width)
                .findFirst()
                .orElse(counts.substring(0, Math.max(0, Math.min(counts.length(), width))));
    }

    private static String picture(Progress progress) {
        int full = (int) (BAR_WIDTH * fraction(progress));
        return "[" + "#".repeat(full) + ".".repeat(BAR_WIDTH - full) + "]";
    }

    /** The finished part, from 0 to 1, of a known total. */
    private static double fraction(Progress progress) {
        return Math.min(1, progress.done() / (double) Math.max(1, progress.total()));
    }

    /**
     * Finished points, rate, failures, and the time: the remaining time if the total is known, else the elapsed time.
     */
    private static List<String> parts(Progress progress, Progress first, double seconds) {
        double rate = (progress.done() - first.done()) / seconds;
        boolean hasTotal = progress.total() >= 0;
        return List.of(
                hasTotal
                        ? progress.done() + "/" + progress.total() + " (" + (int) (100 * fraction(progress)) + " %)"
                        : progress.done() + " points",
                Numbers.rate(rate) + "/s",
                progress.failed() + " failed",
                hasTotal ? left(progress, rate) + " left" : duration(Math.floor(seconds)) + " so far");
    }

    private static String left(Progress progress, double rate) {
        return rate > 0 ? duration(Math.max(0, progress.total() - progress.done()) / rate) : "?";
    }

    private static String duration(double seconds) {
        Duration time = Duration.ofSeconds((long) Math.ceil(seconds));
        if (time.toHours() >= LONGEST_CLOCK_HOURS) {
            return time.toDays() + " days";
        }
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
    }

    /** Removes the bar. The stream can still be used. */
    @Override
    public synchronized void close() {
        style = Style.NONE;
        statusLine.clear();
        if (System.err == out) {
            System.setErr(before);
        }
    }
}
