package org.astropool.internal.transport.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The pipes between a parent and a child.
 *
 * <p>Frames must be kept apart from what user code, native code included, prints. So a shell moves them to two further
 * descriptors before it becomes the child, and redirects standard output to standard error. The shell waits for a line
 * first: until then the pipes are at descriptors that the parent knows, and it opens them there a second time. That
 * gives a {@link FileChannel}, whose {@code close} ends a read or write that blocks, which nothing else does; it would
 * block for ever when a grandchild has inherited the other end.
 *
 * @param in what the child sends
 * @param out what the child receives
 * @param printed what it prints
 */
record Pipes(ReadableByteChannel in, WritableByteChannel out, ReadableByteChannel printed) {
    private static final Path CHILD_IN = Path.of("/dev/fd/4");
    private static final Path CHILD_OUT = Path.of("/dev/fd/3");
    private static final byte[] GO = "go\n".getBytes(StandardCharsets.US_ASCII);

    /** SIGINT from a terminal and Slurm's SIGUSR1 reach children as well: the parent decides what they mean. */
    private static final String SHELL =
            "trap '' INT HUP USR1; read -r go || exit 1; exec 3>&1 4<&0 1>&2 0</dev/null; exec \"$@\"";

    /** The command line that runs a command as a child, once {@link #go} was called. */
    static List<String> shell(List<String> command) {
        List<String> shell = new ArrayList<>(List.of("/bin/sh", "-c", SHELL, "sh"));
        shell.addAll(command);
        return shell;
    }

    /** The parent's ends of the pipes of a {@link #shell}. */
    static Pipes of(Process process) throws IOException {
        try {
            Path descriptors = Path.of("/proc", String.valueOf(process.pid()), "fd");
            FileChannel in = FileChannel.open(descriptors.resolve("1"), StandardOpenOption.READ);
            FileChannel out = FileChannel.open(descriptors.resolve("0"), StandardOpenOption.WRITE);
            FileChannel printed = FileChannel.open(descriptors.resolve("2"), StandardOpenOption.READ);
            process.getInputStream().close();
            process.getOutputStream().close();
            process.getErrorStream().close();
            return new Pipes(in, out, printed);
        } catch (IOException e) { // no such /proc: not Linux, or a container that hides it
            return ofStreams(process);
        }
    }

    /** The same where there is no /proc; a thread may then remain until a grandchild ends. */
    static Pipes ofStreams(Process process) {
        InputStream in = process.getInputStream();
        OutputStream out = process.getOutputStream();
        return new Pipes(Channels.newChannel(in), new Flushed(out), Channels.newChannel(process.getErrorStream()));
    }

    /** The child's ends, without its printed output. */
    static Pipes ofThisChild() throws IOException {
        return new Pipes(
                FileChannel.open(CHILD_IN, StandardOpenOption.READ),
                FileChannel.open(CHILD_OUT, StandardOpenOption.WRITE),
                Channels.newChannel(InputStream.nullInputStream()));
    }

    /** Lets the shell become the child. */
    void go() throws IOException {
        out.write(ByteBuffer.wrap(GO));
    }

    void close() {
        close(in);
        close(out);
        close(printed);
    }

    static void close(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception e) { // the other end is gone: nothing is left to be closed
        }
    }

    /** Nothing waits in a buffer of the process's stream. */
    private record Flushed(OutputStream stream, WritableByteChannel channel) implements WritableByteChannel {
        Flushed(OutputStream stream) {
            this(stream, Channels.newChannel(stream));
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int written = channel.write(bytes);
            stream.flush();
            return written;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        /** The stream waits for the end of a write that blocks. */
        @Override
        public void close() {
            Thread closing = new Thread(() -> Pipes.close(channel), "astropool pipe close");
            closing.setDaemon(true);
            closing.start();
        }
    }
}
