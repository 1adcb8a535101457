package org.astropool.internal.cli.display;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.cli.process.Signals;
import org.astropool.internal.job.VisibleText;
import org.astropool.internal.system.NativeEnvironment;

/**
 * The whole terminal, drawn again and again: on its second buffer, so that what was there before comes back. Keys are
 * read as they are pressed. {@code /bin/sh} and {@code stty} do what needs the terminal's device, as for the width of
 * the progress bar; no library is needed for that. For one thread.
 */
public final class Screen implements AutoCloseable {
    private static final String ENTER = "\u001b[?1049h\u001b[?25l";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String END_OF_LINE = "\u001b[K\r\n";
    private static final String REST = "\u001b[K\u001b[J";
    private static final int PATIENCE_SECONDS = 2;
    private static final int DEFAULT_ROWS = 24;
    private static final int DEFAULT_COLUMNS = 80;

    private final PrintStream out;
    private final String settings;
    private final Thread restore = new Thread(this::leave);
    private volatile boolean resized = true;
    private int rows = DEFAULT_ROWS;
    private int columns = DEFAULT_COLUMNS;
    private boolean left;

    private Screen(PrintStream out, String settings) {
        this.out = out;
        this.settings = settings;
    }

    /** Takes the terminal; empty when standard input and output are not one, or it shows text only. */
    public static Optional<Screen> open(PrintStream out) {
        if (Terminal.isDumb() || !isTerminal()) {
            return Optional.empty();
        }
        Optional<String> settings = stty("-g");
        if (settings.isEmpty()
                || stty("-icanon", "-echo", "min", "0", "time", "0").isEmpty()) {
            return Optional.empty();
        }
        Screen screen = new Screen(out, settings.get());
        Signals.handle("WINCH", signal -> screen.resized = true);
        Runtime.getRuntime().addShutdownHook(screen.restore); // also after Ctrl-C
        screen.send(ENTER);
        return Optional.of(screen);
    }

    /** Whether standard input and output are a terminal. */
    private static boolean isTerminal() {
        try {
            Process test =
                    NativeEnvironment.start(new ProcessBuilder("/bin/sh", "-c", "test -t 0 && test -t 1").inheritIO());
            return test.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && test.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The answer of stty about the terminal of this process; empty when it fails. */
    private static Optional<String> stty(String... arguments) {
        try {
            Process stty = NativeEnvironment.start(
                    new ProcessBuilder("/bin/sh", "-c", "exec stty " + String.join(" ", arguments) + " </dev/tty 2>&1")
                            .redirectError(Redirect.DISCARD));
            if (!stty.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return Optional.empty();
            }
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return stty.exitValue() == 0 ? Optional.of(answer) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Whether the window has changed its size since the last call of {@link #columns}. */
    public boolean isResized() {
        return resized;
    }

    public int columns() {
        measure();
        return columns;
    }

    public int rows() {
        measure();
        return rows;
    }

    private void measure() {
        if (!resized) {
            return;
        }
        resized = false;
        String[] size = stty("size").orElse("").split(" ");
        try {
            rows = Math.max(1, Integer.parseInt(size[0]));
            columns = Math.max(1, Integer.parseInt(size[1]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            rows = DEFAULT_ROWS;
            columns = DEFAULT_COLUMNS;
        }
    }

    /** Draws lines, cut to what fits. */
    public void draw(List<String> lines) {
        StringBuilder text = new StringBuilder(HOME);
        int shown = Math.min(lines.size(), rows());
        for (int i = 0; i < shown; i++) {
            String line = VisibleText.of(lines.get(i).replace('\n', ' ').replace('\t', ' '));
            int fits = line.offsetByCodePoints(0, Math.min(columns, line.codePointCount(0, line.length())));
            text.append(line, 0, fits).append(i == shown - 1 ? REST : END_OF_LINE);
        }
        send(text.toString());
    }

    /** A key that was pressed, or 0. */
    public char key() throws IOException {
        return System.in.available() > 0 ? (char) System.in.read() : 0;
    }

    private void send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }

    private synchronized void leave() {
        if (!left) {
            left = true;
            send(LEAVE);
            stty(settings);
        }
    }

    /** Gives the terminal back. */
    @Override
    public void close() {
        leave();
        try {
            Runtime.getRuntime().removeShutdownHook(restore);
        } catch (IllegalStateException e) {
            // it runs already
        }
    }
}
