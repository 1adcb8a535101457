package org.astropool.internal.journal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Single records of a journal, by the position that {@link RecordReader} was given. Another process may be appending to
 * the file. For one thread.
 */
public final class JournalRecords implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final Layout layout;

    private JournalRecords(Path file, FileChannel channel, Layout layout) {
        this.file = file;
        this.channel = channel;
        this.layout = layout;
    }

    /** One record: its first task, how many tasks it has, and its payload, little-endian. */
    public record Entry(long firstTask, int count, ByteBuffer payload) {}

    /**
     * Opens a journal.
     *
     * @throws JournalException if its header is damaged, or it is no journal
     */
    public static JournalRecords open(Path file) throws IOException, JournalException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new JournalRecords(file, channel, Layout.read(file, channel));
        } catch (IOException | JournalException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** @throws IOException if there is no whole record, or it cannot be read */
    public Entry at(long position) throws IOException {
        ByteBuffer header = read(position, Layout.RECORD_HEADER);
        if (!layout.isRecordHeader(header, 0)) {
            throw noRecord(position);
        }
        int length = Layout.payloadBytes(header, 0);
        ByteBuffer whole = read(position, Layout.RECORD_HEADER + length);
        if (!layout.isRecordHeader(whole, 0) || !layout.isPayloadWhole(whole, 0)) {
            throw noRecord(position);
        }
        return new Entry(
                Layout.firstTask(whole, 0),
                Layout.count(whole, 0),
                whole.slice(Layout.RECORD_HEADER, length).order(ByteOrder.LITTLE_ENDIAN));
    }

    private IOException noRecord(long position) {
        return new IOException(file + " has no whole record at offset " + position
                + " any more: it was changed by another program, or the disk is damaged");
    }

    private ByteBuffer read(long position, int bytes) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            if (channel.read(in, position + in.position()) < 0) {
                throw new EOFException(file + " ends before offset " + (position + bytes) + "; it was cut");
            }
        }
        return in.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
