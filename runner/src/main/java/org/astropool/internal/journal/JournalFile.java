package org.astropool.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The file of a journal that is open for appending: encodes records, writes them to its end and forces them to disk.
 * When that fails, the file is cut back to the last whole record, and must not be written any more.
 *
 * <p>Used by one thread, except for {@link #isInPlace} and {@link #writeFault}, which any thread may call.
 */
final class JournalFile implements AutoCloseable {
    /** The largest write, unless a single record is larger. */
    static final int WRITE_BYTES = 1 << 22;

    private final Path file;
    private final FileChannel channel;
    private final Layout layout;
    private final @Nullable Object fileKey;
    private final AtomicLong backlog;
    private final ByteBuffer buffer = allocate(WRITE_BYTES);
    private long end;
    private long forcedEnd;
    private long writes;
    private volatile @Nullable WriteFault fault;

    /**
     * @param channel open for appending; is closed with this object
     * @param end the length of the file
     * @param backlog the number of bytes that are still to be written, which is reduced by those that were
     */
    JournalFile(Path file, FileChannel channel, Layout layout, long end, AtomicLong backlog) throws IOException {
        this.file = file;
        this.fileKey = fileKey(file);
        this.channel = channel;
        this.layout = layout;
        this.end = end;
        this.forcedEnd = end;
        this.backlog = backlog;
    }

    /** Writes records, as many as fit into the buffer at a time. */
    void write(List<PendingRecord> group) throws IOException {
        for (PendingRecord pending : group) {
            if (pending.bytes() > buffer.remaining()) {
                write(buffer);
            }
            if (pending.bytes() > buffer.capacity()) {
                ByteBuffer large = allocate(pending.bytes());
                put(large, pending);
                write(large);
            } else {
                put(buffer, pending);
            }
        }
        write(buffer);
    }

    private void put(ByteBuffer out, PendingRecord pending) {
        layout.put(out, pending.firstTask(), pending.count(), pending.payload(), pending.length());
    }

    /** Writes and empties a buffer of whole records. */
    private void write(ByteBuffer records) throws IOException {
        records.flip();
        int bytes = records.limit();
        if (bytes == 0) {
            records.clear();
            return;
        }
        try {
            dieIfToldTo(records);
            writeFully(channel, records);
        } catch (IOException e) {
            int whole = Layout.wholeRecords(records, records.position());
            if (cutBack(e, end + records.position(), end + whole)) {
                backlog.addAndGet(-whole);
            }
            throw e;
        }
        end += bytes;
        writes++;
        backlog.addAndGet(-bytes);
        records.clear();
    }

    private void dieIfToldTo(ByteBuffer records) throws IOException {
        WriteFault told = fault;
        int before = told == null ? -1 : told.bytesBeforeDeath(writes, records.limit());
        if (told != null && before >= 0) {
            int bytes = records.limit();
            writeFully(channel, records.limit(Math.min(before, bytes)));
            told.die();
            records.limit(bytes);
        }
    }

    /** Forces what was written to disk. */
    void force() throws IOException {
        try {
            channel.force(false);
        } catch (IOException e) {
            // It is unknown which of these bytes are on disk; no flush has returned for them.
            cutBack(e, end, forcedEnd);
            backlog.addAndGet(end - forcedEnd);
            throw e;
        }
        forcedEnd = end;
        if (!isInPlace()) { // what is written after that could not be found
            throw new NoSuchFileException(file.toString());
        }
    }

    /** Removes what a failed write has left. If that fails as well, the recovery of the next run removes it. */
    private boolean cutBack(IOException failed, long from, long to) {
        try {
            if (channel.size() != from) {
                return false; // another process has taken over the file
            }
            channel.truncate(to);
            channel.force(true);
            return true;
        } catch (IOException e) {
            failed.addSuppressed(e);
            return false;
        }
    }

    /** Whether the file still exists under its name, so that what is written can be found. */
    boolean isInPlace() {
        try {
            return Objects.equals(fileKey, fileKey(file));
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return true; // unknown
        }
    }

    /** For tests of what a crash leaves behind. */
    void writeFault(WriteFault newFault) {
        fault = newFault;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static @Nullable Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
