package org.astropool.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal from its beginning to its current end, and delivers every whole record.
 *
 * <p>After bytes that are not a whole record, the next record is searched byte by byte, also inside the presumed
 * payload of a damaged record, because bytes may be missing there. If a whole record follows, these bytes are damage;
 * if none does, they are a torn tail.
 */
final class JournalScan {
    /**
     * Otherwise the search in a file full of headers that announce long payloads would take time quadratic in its size.
     */
    private static final long SEARCHED_SIZES = 4;

    private final Window window;
    private final Layout layout;
    private final RecordReader reader;
    private final List<Damage> damages = new ArrayList<>();
    private long records;
    /** The offset after the last whole record. */
    private long end;
    /** Bytes of payloads that may still turn out not to be whole before what such a record says is believed. */
    private long searchable;
    /** The defect of the payload that was delivered last, or null. */
    private @Nullable String malformed;

    private JournalScan(Window window, Layout layout, RecordReader reader) {
        this.window = window;
        this.layout = layout;
        this.reader = reader;
        this.end = layout.headerBytes();
        this.searchable = SEARCHED_SIZES * window.size() + Journal.MAX_PAYLOAD;
    }

    static JournalScan of(Path file, FileChannel channel, @Nullable JournalHeader expected, RecordReader reader)
            throws IOException, JournalException {
        Layout layout = Layout.read(file, channel);
        List<String> differences =
                expected == null ? List.of() : layout.header().differencesFrom(expected);
        if (!differences.isEmpty()) {
            throw JournalException.ofAnotherRun(file, differences);
        }
        JournalScan scan = new JournalScan(new Window(channel), layout, reader);
        scan.run();
        return scan;
    }

    Layout layout() {
        return layout;
    }

    /** Where the next record is to be written. */
    long end() {
        return end;
    }

    Recovery recovery() {
        return new Recovery(layout.header(), records, window.size() - end, damages);
    }

    private void run() throws IOException {
        List<Damage> sinceLastRecord = new ArrayList<>();
        long position = end;
        while (position < window.size()) {
            boolean header = isHeaderAt(position);
            long firstTask = header ? Layout.firstTask(window.buffer(), window.index(position)) : -1;
            int count = header ? Layout.count(window.buffer(), window.index(position)) : 0;
            if (header && deliver(position, firstTask, count)) {
                damages.addAll(sinceLastRecord);
                sinceLastRecord.clear();
                addUnlessDelivered(position, firstTask, count);
                position = end;
            } else {
                long next = nextHeader(position + (header ? bytesToSkip(position) : 1));
                sinceLastRecord.add(new Damage(position, next - position, firstTask, count));
                position = next;
            }
        }
    }

    private void addUnlessDelivered(long position, long firstTask, int count) {
        if (malformed == null) {
            records++;
        } else {
            damages.add(new Damage(position, end - position, firstTask, count, malformed));
        }
    }

    /** Bytes may be missing in a damaged record, so that the next one begins inside its presumed payload. */
    private long bytesToSkip(long position) throws IOException {
        if (!window.load(position, Layout.RECORD_HEADER)) {
            return 1;
        }
        int length = Layout.payloadBytes(window.buffer(), window.index(position));
        if (length > window.size() - position - Layout.RECORD_HEADER) {
            return 1; // this was found without reading a payload
        }
        searchable -= length;
        return searchable >= 0 ? 1 : Layout.RECORD_HEADER + length;
    }

    /** False if the record is not whole. */
    private boolean deliver(long position, long firstTask, int count) throws IOException {
        int length = Layout.payloadBytes(window.buffer(), window.index(position));
        int bytes = Layout.RECORD_HEADER + length;
        if (!window.load(position, bytes) || !layout.isPayloadWhole(window.buffer(), window.index(position))) {
            return false;
        }
        ByteBuffer payload = window.buffer().slice(window.index(position) + Layout.RECORD_HEADER, length);
        malformed = null;
        try {
            reader.record(firstTask, count, payload.order(ByteOrder.LITTLE_ENDIAN), position);
        } catch (MalformedRecordException e) {
            malformed = String.valueOf(e.getMessage());
        }
        end = position + bytes;
        return true;
    }

    private long nextHeader(long from) throws IOException {
        long position = from;
        while (window.load(position, Layout.RECORD_HEADER)) {
            if (isHeaderAt(position)) {
                return position;
            }
            position++;
        }
        return window.size();
    }

    private boolean isHeaderAt(long position) throws IOException {
        return window.load(position, Layout.RECORD_HEADER)
                && layout.isRecordHeader(window.buffer(), window.index(position));
    }

    /** A part of the file in memory. */
    private static final class Window {
        private static final int BYTES = 1 << 20;

        private final FileChannel channel;
        private ByteBuffer buffer;
        private long start;
        private long size;

        Window(FileChannel channel) throws IOException {
            this.channel = channel;
            this.size = channel.size();
            this.buffer = allocate((int) Math.min(BYTES, size)).limit(0);
        }

        private static ByteBuffer allocate(int bytes) {
            return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        /** Of the file, when reading began; smaller when the file was cut since. */
        long size() {
            return size;
        }

        ByteBuffer buffer() {
            return buffer;
        }

        int index(long position) {
            return (int) (position - start);
        }

        /** Loads these bytes of the file into the buffer; returns false when the file ends before. */
        boolean load(long position, int bytes) throws IOException {
            if (position >= start && position + bytes <= start + buffer.limit()) {
                return true;
            }
            if (bytes > size - position) {
                return false;
            }
            if (bytes > buffer.capacity()) {
                buffer = allocate(bytes);
            }
            start = position;
            buffer.clear().limit((int) Math.min(buffer.capacity(), size - start));
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, start + buffer.position()) < 0) {
                    size = start + buffer.position();
                    break;
                }
            }
            buffer.flip();
            return bytes <= buffer.limit();
        }
    }
}
