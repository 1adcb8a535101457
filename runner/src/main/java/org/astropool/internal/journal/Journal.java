package org.astropool.internal.journal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finished points on disk. Appended records are queued; a separate thread encodes and writes them and forces them to
 * disk, at most 0.1 s after they were appended, together with all that were appended meanwhile (group commit).
 *
 * <p>Records for which {@link #flush} has returned survive the end of the process or of the machine at any moment. A
 * record that was being written then is cut off by {@link #reopen}.
 *
 * <p>When a write fails (no room, a limit of the file size), the file is cut back to the last whole record and the
 * journal accepts nothing more: see {@link #onFailure}.
 *
 * <p>All methods may be called by any thread.
 */
public final class Journal implements AutoCloseable {
    /** The largest payload of a record, in bytes. */
    public static final int MAX_PAYLOAD = 1 << 28;

    private final Path file;
    private final Layout layout;
    private final JournalFile journalFile;
    private final JournalWriter writer;

    /**
     * A journal that is continued.
     *
     * @param journal open for appending
     * @param recovery what was found in it; its torn bytes were cut off
     */
    public record Opened(Journal journal, Recovery recovery) {}

    private Journal(Path file, FileChannel channel, Layout layout, long end) throws IOException {
        AtomicLong backlog = new AtomicLong();
        this.file = file;
        this.layout = layout;
        this.journalFile = new JournalFile(file, channel, layout, end, backlog);
        this.writer = JournalWriter.start(file, journalFile, backlog);
    }

    /**
     * A new journal, with its header on disk. Makes the folders that it needs.
     *
     * @throws FileAlreadyExistsException if the file exists
     * @throws IOException if it cannot be written
     */
    public static Journal create(Path file, JournalHeader header) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        // Under another name until it is complete, so that a crash never leaves a journal without a header.
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        try (FileChannel out = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            JournalFile.writeFully(out, Layout.encode(header));
            out.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        if (folder != null) {
            forceFolder(folder);
        }
        try {
            return reopen(file, header, (firstTask, count, payload) -> {}).journal();
        } catch (JournalException e) {
            throw new IOException(
                    "the journal " + file + " was changed while it was being created: " + e.getMessage(), e);
        }
    }

    /** So that the file's name survives as well. Some file systems cannot do this, and need not. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // If the name is lost with the machine, a run that has just begun is lost, but no result.
        }
    }

    /**
     * Reads a journal, even while another process writes it, and changes nothing. Needs 1 MiB, or as much as the
     * largest record, whatever the size of the file.
     *
     * @param expected what it must belong to, or null: anything
     * @throws JournalException if it belongs to something else, its header is damaged, or it is no journal
     * @throws IOException if it is not there or cannot be read
     */
    public static Recovery read(Path file, @Nullable JournalHeader expected, RecordReader reader)
            throws IOException, JournalException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return JournalScan.of(file, channel, expected, reader).recovery();
        }
    }

    /**
     * What a journal belongs to.
     *
     * @throws JournalException if its header is damaged, or it is no journal
     * @throws IOException if it is not there or cannot be read
     */
    public static JournalHeader header(Path file) throws IOException, JournalException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return Layout.read(file, channel).header();
        }
    }

    /**
     * Reads a journal as {@link #read}, cuts off its torn tail, and opens it for appending. The caller makes sure that
     * no other process writes to it.
     *
     * @throws JournalException if it belongs to something else, its header is damaged, or it is no journal
     * @throws IOException if it is not there, or cannot be read or written
     */
    public static Opened reopen(Path file, JournalHeader expected, RecordReader reader)
            throws IOException, JournalException {
        JournalScan scan;
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            scan = JournalScan.of(file, in, expected, reader);
        }
        // Appending always goes to the end that the file has then. So a run that was stopped, and wakes up after
        // another
        // one has taken over its directory, can add superfluous records, but never overwrite one.
        FileChannel out = FileChannel.open(file, StandardOpenOption.APPEND);
        try {
            if (out.size() > scan.end()) {
                out.truncate(scan.end());
                out.force(true);
            }
            Journal journal = new Journal(file, out, scan.layout(), scan.end());
            return new Opened(journal, scan.recovery());
        } catch (IOException e) {
            out.close();
            throw e;
        }
    }

    /**
     * Gives a journal another header. A new file with its whole records takes its place when it is on disk; until then
     * the old one stays. No process may have the journal open for appending.
     *
     * @param header has at least the points of the one before
     * @throws JournalException if the header is damaged, or it is no journal
     * @throws IOException if it is not there, or the new one cannot be written
     */
    public static void rewrite(Path file, JournalHeader header) throws IOException, JournalException {
        Path next = file.resolveSibling("." + file.getFileName() + ".next");
        Files.deleteIfExists(next); // of a process that was killed here
        try (Journal copy = create(next, header)) {
            read(file, null, copy::appendCopy);
            copy.flush();
        } catch (UncheckedIOException e) {
            Files.deleteIfExists(next);
            throw e.getCause();
        } catch (IOException | JournalException | RuntimeException e) {
            Files.deleteIfExists(next);
            throw e;
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            forceFolder(folder);
        }
    }

    private void appendCopy(long firstTask, int count, ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        append(firstTask, count, new Payload() {
            @Override
            public int bytes() {
                return bytes.length;
            }

            @Override
            public void write(ByteBuffer out) {
                out.put(bytes);
            }
        });
        if (backlogBytes() > 4L * JournalFile.WRITE_BYTES) { // otherwise all of it could be in memory at once
            try {
                flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Queues one record. Never waits for the disk. Does nothing after a failure or after {@link #close}: such points
     * are evaluated again by the next run.
     *
     * @param firstTask the first of its tasks; all of them among the points of the header
     * @param count the number of its tasks, at least 1
     * @param payload must not change any more
     * @throws IllegalArgumentException if there are no such tasks, or the payload is too large
     */
    public void append(long firstTask, int count, Payload payload) {
        int length = payload.bytes();
        if (length < 0 || length > MAX_PAYLOAD) {
            throw new IllegalArgumentException("journal " + file + ": the result of task " + firstTask + " has "
                    + length + " bytes; the limit is " + MAX_PAYLOAD);
        }
        if (!layout.hasTasks(firstTask, count)) {
            throw new IllegalArgumentException("journal " + file + ": tasks from " + firstTask + ", " + count
                    + " in number; there are " + layout.header().points());
        }
        writer.append(new PendingRecord(firstTask, count, payload, length));
    }

    /** The bytes that are queued and not written yet. Callers should wait above some limit. */
    public long backlogBytes() {
        return writer.backlogBytes();
    }

    /** How long writing records and forcing them to disk has taken so far. From any thread. */
    public double writingSeconds() {
        return writer.writingSeconds();
    }

    /**
     * Returns when all that was appended before is on disk.
     *
     * @throws InterruptedIOException if the thread is interrupted meanwhile; its interrupt status is kept
     * @throws IOException if a write has failed, now or before
     */
    public void flush() throws IOException {
        writer.flush();
    }

    /**
     * Sets the listener that is told, once, when a write fails: by the writer thread, or by this call when it has
     * failed already. The message has the path, the number of bytes that could not be written and the next step.
     */
    public void onFailure(Consumer<IOException> newListener) {
        writer.onFailure(newListener);
    }

    /** For tests of what a crash leaves behind. */
    public void writeFault(WriteFault newFault) {
        journalFile.writeFault(newFault);
    }

    /**
     * Writes what was appended before, forces it to disk, and ends the thread. May be called again.
     *
     * @throws IOException if a write has failed, now or before
     */
    @Override
    public void close() throws IOException {
        writer.close();
    }

    /** Whether the file still exists under its name, so that what is written can be found. */
    public boolean isInPlace() {
        return journalFile.isInPlace();
    }
}
