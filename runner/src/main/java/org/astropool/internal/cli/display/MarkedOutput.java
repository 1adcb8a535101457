package org.astropool.internal.cli.display;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output with a mark at the beginning of each line. The daemons of MPJ merge it with standard error, and
 * astropool-mpjrun uses the mark, which it sets in a property, to separate them.
 */
public final class MarkedOutput extends FilterOutputStream {
    private static final String MARK = "astropool.stdout.mark";

    private final byte[] mark;
    private boolean lineBegins = true;

    private MarkedOutput(OutputStream out, String mark) {
        super(out);
        this.mark = mark.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Marks what this process prints from now on, if astropool-mpjrun requests that.
     *
     * @return stops the marks, since MPJ prints a message on standard output when {@code main} has returned
     */
    public static Runnable install() {
        String mark = System.getProperty(MARK);
        if (mark == null) {
            return () -> {};
        }
        PrintStream before = System.out;
        OutputStream plain = new FileOutputStream(FileDescriptor.out);
        System.setOut(new PrintStream(new MarkedOutput(plain, mark), true, StandardCharsets.UTF_8));
        return () -> System.setOut(before);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int begin = offset; begin < offset + length; ) {
            int end = begin;
            while (end < offset + length && bytes[end] != '\n') {
                end++;
            }
            end = Math.min(end + 1, offset + length);
            if (lineBegins) {
                out.write(mark);
            }
            out.write(bytes, begin, end - begin);
            lineBegins = bytes[end - 1] == '\n';
            begin = end;
        }
    }
}
