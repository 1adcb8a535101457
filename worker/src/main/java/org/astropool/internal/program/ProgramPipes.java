package org.astropool.internal.program;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The standard input and output of a process, as channels that react to an interrupt, unlike the streams of a process.
 *
 * <p>A shell waits for a line before it becomes the program: until then the pipes have known file descriptors, and are
 * opened a second time.
 */
public final class ProgramPipes implements AutoCloseable {
    private static final String SHELL = "read -r go || exit 1; exec \"$@\"";
    /** The line that the shell waits for. */
    public static final String GO = "go";

    private final InputStream stream;
    private final ReadableByteChannel in;
    private final WritableByteChannel out;

    private ProgramPipes(InputStream stream, ReadableByteChannel in, WritableByteChannel out) {
        this.stream = stream;
        this.in = in;
        this.out = out;
    }

    /** The command line of a program that begins when it has read the line {@link #GO}. */
    public static List<String> waiting(List<String> line) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", SHELL, "sh"));
        words.addAll(line);
        return words;
    }

    /** The pipes of a process that was started with {@link #waiting} and has not been given its line yet. */
    public static ProgramPipes of(Process process) throws IOException {
        Path descriptors = Path.of("/proc", String.valueOf(process.pid()), "fd");
        try {
            FileInputStream in = new FileInputStream(descriptors.resolve("1").toFile());
            FileChannel out = FileChannel.open(descriptors.resolve("0"), StandardOpenOption.WRITE);
            process.getInputStream().close();
            process.getOutputStream().close();
            return new ProgramPipes(in, in.getChannel(), out);
        } catch (IOException e) { // no such /proc: deadlines then wait for the program
            return new ProgramPipes(
                    process.getInputStream(),
                    Channels.newChannel(process.getInputStream()),
                    Channels.newChannel(process.getOutputStream()));
        }
    }

    /** What the program writes. */
    public ReadableByteChannel in() {
        return in;
    }

    /** What the program reads. */
    public WritableByteChannel out() {
        return out;
    }

    /** How many bytes can be read without waiting, at least. */
    public int available() throws IOException {
        return stream.available();
    }

    /** Idempotent. */
    @Override
    public void close() {
        for (@Nullable AutoCloseable pipe : new AutoCloseable[] {in, out}) {
            try {
                pipe.close();
            } catch (Exception e) {
                // the other end is closed
            }
        }
    }
}
