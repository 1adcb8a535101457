package org.astropool.internal.journal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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

    /** Well below the second of work that a crash may cost, and long enough that a slow disk is not always busy. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** The largest write, unless a single record is larger. */
    private static final int WRITE_BYTES = 1 << 22;

    private final Path file;
    private final FileChannel channel;
    private final Layout layout;
    private final @Nullable Object fileKey;
    private final Thread writer;
    private final AtomicLong backlog = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition progress = lock.newCondition();
    // All guarded by lock.
    private List<Entry> pending = new ArrayList<>();
    private long appended;
    private long wanted;
    private long forced;
    private boolean closing;
    private @Nullable IOException failure;
    private @Nullable Consumer<IOException> listener;

    // Used by the writer thread only.
    private final ByteBuffer buffer = allocate(WRITE_BYTES);
    private long end;
    private long forcedEnd;
    private long writes;
    private volatile @Nullable WriteFault fault;

    private record Entry(long firstTask, int count, Payload payload, int length) {
        int bytes() {
            return Layout.RECORD_HEADER + length;
        }
    }

    /**
     * A journal that is continued.
     *
     * @param journal open for appending
     * @param recovery what was found in it; its torn bytes were cut off
     */
    public record Opened(Journal journal, Recovery recovery) {}

    private Journal(Path file, FileChannel channel, Layout layout, long end) throws IOException {
        this.file = file;
        this.fileKey = fileKey(file);
        this.channel = channel;
        this.layout = layout;
        this.end = end;
        this.forcedEnd = end;
        this.writer = new Thread(this::run, "astropool-journal");
        writer.setDaemon(true);
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
            writeFully(out, Layout.encode(header));
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
        // Appending always goes to the end that the file has then. A run that was stopped and wakes up after another
        // has taken
        // over its directory can thus add superfluous records, but never overwrite one.
        FileChannel out = FileChannel.open(file, StandardOpenOption.APPEND);
        try {
            if (out.size() > scan.end()) {
                out.truncate(scan.end());
                out.force(true);
            }
            Journal journal = new Journal(file, out, scan.layout(), scan.end());
            journal.writer.start();
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
        if (backlogBytes() > 4L * WRITE_BYTES) { // otherwise all of it could be in memory at once
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
        Entry entry = new Entry(firstTask, count, payload, length);
        lock.lock();
        try {
            if (closing || failure != null) {
                return;
            }
            pending.add(entry);
            appended++;
            long bytes = backlog.addAndGet(entry.bytes());
            // The writer waits for a first record, then for a time, or until a write is full.
            if (pending.size() == 1 || (bytes >= WRITE_BYTES && bytes - entry.bytes() < WRITE_BYTES)) {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The bytes that are queued and not written yet. Callers should wait above some limit. */
    public long backlogBytes() {
        return backlog.get();
    }

    /**
     * Returns when all that was appended before is on disk.
     *
     * @throws InterruptedIOException if the thread is interrupted meanwhile; its interrupt status is kept
     * @throws IOException if a write has failed, now or before
     */
    public void flush() throws IOException {
        lock.lock();
        try {
            long mine = appended;
            wanted = Math.max(wanted, mine);
            work.signal();
            while (failure == null && forced < mine) {
                progress.await();
            }
            throwFailure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the journal " + file + " was forced to disk");
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sets the listener that is told, once, when a write fails: by the writer thread, or by this call when it has
     * failed already. The message has the path, the number of bytes that could not be written and the next step.
     */
    public void onFailure(Consumer<IOException> newListener) {
        IOException before;
        lock.lock();
        try {
            listener = newListener;
            before = failure;
        } finally {
            lock.unlock();
        }
        if (before != null) {
            newListener.accept(before);
        }
    }

    /** For tests of what a crash leaves behind. */
    public void writeFault(WriteFault newFault) {
        fault = newFault;
    }

    /**
     * Writes what was appended before, forces it to disk, and ends the thread. May be called again.
     *
     * @throws IOException if a write has failed, now or before
     */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        // A listener of failures may call this method as well.
        while (writer.isAlive() && Thread.currentThread() != writer) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true; // the records are written first
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            throwFailure();
        } finally {
            lock.unlock();
        }
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    private void run() {
        try (channel) {
            List<Entry> group = new ArrayList<>();
            long last = awaitGroup(group);
            while (!group.isEmpty()) {
                write(group);
                force();
                group.clear();
                done(last);
                last = awaitGroup(group);
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            // Errors as well (no memory for a buffer): callers of flush must not wait for ever.
            fail(e);
        }
    }

    /**
     * Takes all that is queued, a moment after its first record was appended, so that a write has many records.
     *
     * @param group empty, to be filled; stays empty when the journal closes
     * @return the number of records ever appended
     */
    private long awaitGroup(List<Entry> group) throws InterruptedException {
        lock.lock();
        try {
            while (pending.isEmpty() && !closing) {
                work.await();
            }
            long nanos = GATHER_NANOS;
            while (nanos > 0 && !closing && wanted <= forced && backlog.get() < WRITE_BYTES) {
                nanos = work.awaitNanos(nanos);
            }
            group.addAll(pending);
            pending.clear();
            return appended;
        } finally {
            lock.unlock();
        }
    }

    private void done(long last) {
        lock.lock();
        try {
            forced = last;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void write(List<Entry> group) throws IOException {
        for (Entry entry : group) {
            if (entry.bytes() > buffer.remaining()) {
                write(buffer);
            }
            if (entry.bytes() > buffer.capacity()) {
                ByteBuffer large = allocate(entry.bytes());
                put(large, entry);
                write(large);
            } else {
                put(buffer, entry);
            }
        }
        write(buffer);
    }

    private void put(ByteBuffer out, Entry entry) {
        layout.put(out, entry.firstTask, entry.count, entry.payload, entry.length);
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

    /** Whether the file still exists under its name, so that what is written can be found. */
    public boolean isInPlace() {
        try {
            return Objects.equals(fileKey, fileKey(file));
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return true; // unknown
        }
    }

    private static @Nullable Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private void force() throws IOException {
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

    private void fail(Throwable cause) {
        String reason = cause instanceof IOException ? String.valueOf(cause.getMessage()) : cause.toString();
        IOException failed;
        Consumer<IOException> told;
        lock.lock();
        try {
            failed = new IOException(
                    cause instanceof NoSuchFileException
                            ? "the journal " + file + " was removed, renamed or replaced while it was written"
                            : String.format(
                                    Locale.ROOT,
                                    "the journal %s cannot be written: %s; %,d bytes more were needed; make room, then"
                                            + " --resume",
                                    file,
                                    reason,
                                    backlog.get()),
                    cause);
            backlog.set(0);
            failure = failed;
            told = listener;
            pending.clear();
            progress.signalAll();
        } finally {
            lock.unlock();
        }
        if (told != null) {
            told.accept(failed);
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
