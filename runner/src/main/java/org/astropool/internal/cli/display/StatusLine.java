package org.astropool.internal.cli.display;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The last line of a terminal, which is redrawn in place. Any other output to the stream removes it first, so that
 * messages of other threads are not appended to it. Thread-safe.
 */
final class StatusLine extends FilterOutputStream {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream terminal;
    private boolean drawn;
    private boolean lineBegins = true;

    StatusLine(PrintStream terminal) {
        super(terminal);
        this.terminal = terminal;
    }

    /** Draws a text that fits the terminal; does nothing while a line of other output is incomplete. */
    synchronized void draw(String text) {
        if (lineBegins) {
            send(CLEAR_LINE + text);
            drawn = true;
        }
    }

    synchronized void clear() {
        if (drawn) {
            send(CLEAR_LINE);
            drawn = false;
        }
    }

    private void send(String ascii) {
        byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
        terminal.write(bytes, 0, bytes.length);
        terminal.flush();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > 0) {
            clear();
            out.write(bytes, offset, length);
            lineBegins = bytes[offset + length - 1] == '\n';
        }
    }

    /** Leaves the stream open. */
    @Override
    public void close() throws IOException {
        clear();
        flush();
    }
}
