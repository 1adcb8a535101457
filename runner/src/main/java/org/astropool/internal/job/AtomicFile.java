package org.astropool.internal.job;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes a file under another name, forces it to disk, and renames it: a reader never sees a partial file. */
public final class AtomicFile {
    private static final int BUFFER = 1 << 16;

    private AtomicFile() {}

    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** The name of the file until it is complete. */
    public static Path part(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".part");
    }

    public interface FileContent {
        void writeTo(Path file) throws IOException;
    }

    /** The same for content that is not written in one go, but to a file. */
    public static void writeFile(Path file, FileContent content) throws IOException {
        Path part = part(file);
        Files.deleteIfExists(part);
        try {
            content.writeTo(part);
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e instanceof FileSystemException
                    ? e
                    : new IOException(file + " cannot be written: " + e.getMessage(), e);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** @throws IOException that names the file and, when the disk was full, how many more bytes were needed */
    public static void write(Path file, Content content) throws IOException {
        Path part = part(file);
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            UntilFull target = new UntilFull(Channels.newOutputStream(channel));
            OutputStream out = new BufferedOutputStream(target, BUFFER);
            content.writeTo(out);
            out.flush();
            target.check(channel);
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e instanceof FileSystemException
                    ? e
                    : new IOException(file + " cannot be written: " + e.getMessage(), e);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Also accepts the bytes that do not fit, to count them. */
    private static final class UntilFull extends OutputStream {
        private final OutputStream out;
        private @Nullable IOException failure;
        private long bytes;

        UntilFull(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            bytes += length;
            try {
                if (failure == null) {
                    out.write(source, offset, length);
                }
            } catch (IOException e) {
                failure = e;
            }
        }

        /** @throws IOException when some of it did not fit */
        void check(FileChannel channel) throws IOException {
            if (failure != null) {
                throw new IOException(
                        String.format(
                                Locale.ROOT,
                                "%s; %,d more bytes were needed",
                                failure.getMessage(),
                                bytes - channel.position()),
                        failure);
            }
        }
    }
}
