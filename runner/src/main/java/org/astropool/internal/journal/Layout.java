package org.astropool.internal.journal;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/** How the header and the records of a journal are laid out in bytes (docs/journal.md). Little-endian. */
final class Layout {
    /** "ASTROPJL" in the file. */
    private static final long FILE_MAGIC = 0x4c4a_504f_5254_5341L;

    private static final int VERSION = 1;
    private static final int PREAMBLE = 20;
    private static final int PREAMBLE_CRC = 16;
    private static final int MAX_FIELDS = 1 << 20;

    /** "PNTS" in the file. */
    static final int RECORD_MAGIC = 0x5354_4e50;

    /** The bytes of a record before its payload. */
    static final int RECORD_HEADER = 28;

    private static final int LENGTH = 4;
    private static final int FIRST_TASK = 8;
    private static final int COUNT = 16;
    private static final int HEADER_CRC = 20;
    private static final int PAYLOAD_CRC = 24;

    private final Path file;
    private final JournalHeader header;
    private final int bytes;
    /**
     * Goes into the check sum of each record's header: so that blocks of a deleted journal, which a file system may
     * show at the end of a file after a power failure, are not taken for records of this one.
     */
    private final int salt;

    private final CRC32C crc = new CRC32C();

    private Layout(Path file, JournalHeader header, int bytes, int salt) {
        this.file = file;
        this.header = header;
        this.bytes = bytes;
        this.salt = salt;
    }

    JournalHeader header() {
        return header;
    }

    /** Where the first record begins. */
    int headerBytes() {
        return bytes;
    }

    // The header: magic 8, version 4, length of the fields 4, CRC-32C of all other bytes 4, fields.

    static ByteBuffer encode(JournalHeader header) {
        List<byte[]> texts =
                List.of(header.release(), header.job(), header.model(), header.jobDigest(), header.modelDigest())
                        .stream()
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList();
        int fields = Long.BYTES
                + texts.stream().mapToInt(text -> Integer.BYTES + text.length).sum();
        if (fields > MAX_FIELDS) {
            throw new IllegalArgumentException(
                    "the header of a journal would have " + fields + " bytes; the limit is " + MAX_FIELDS);
        }
        ByteBuffer out = littleEndian(PREAMBLE + fields);
        out.putLong(FILE_MAGIC).putInt(VERSION).putInt(fields).putInt(0);
        texts.forEach(text -> out.putInt(text.length).put(text));
        out.putLong(header.points());
        out.flip();
        return out.putInt(PREAMBLE_CRC, checkSum(out));
    }

    private static int checkSum(ByteBuffer encoded) {
        CRC32C crc = new CRC32C();
        crc.update(encoded.slice(0, PREAMBLE_CRC));
        crc.update(encoded.slice(PREAMBLE, encoded.limit() - PREAMBLE));
        return (int) crc.getValue();
    }

    static Layout read(Path file, FileChannel channel) throws IOException, JournalException {
        ByteBuffer preamble = readUpTo(channel, PREAMBLE);
        if (preamble.limit() == 0) {
            throw JournalException.unusable(file, "is empty");
        }
        // A cut or changed magic may be damage as well, but the file looks like something other than a journal.
        if (preamble.limit() < Long.BYTES || preamble.getLong(0) != FILE_MAGIC) {
            throw JournalException.unusable(file, "is not a journal of astropool");
        }
        int fields = preamble.limit() < PREAMBLE ? -1 : preamble.getInt(Long.BYTES + Integer.BYTES);
        if (fields < 0 || fields > MAX_FIELDS) {
            throw damagedHeader(file);
        }
        ByteBuffer encoded = readUpTo(channel, PREAMBLE + fields);
        int salt = encoded.getInt(PREAMBLE_CRC);
        if (encoded.limit() < PREAMBLE + fields || checkSum(encoded) != salt) {
            throw damagedHeader(file);
        }
        int version = encoded.getInt(Long.BYTES);
        if (version != VERSION) {
            throw JournalException.unusable(
                    file, "was written by another release of astropool: its format is " + version + ", not " + VERSION);
        }
        encoded.position(PREAMBLE);
        try {
            JournalHeader header = new JournalHeader(
                    text(encoded), text(encoded), text(encoded), text(encoded), text(encoded), encoded.getLong());
            return new Layout(file, header, PREAMBLE + fields, salt);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            // The checksum is right, so this header was made deliberately.
            throw JournalException.unusable(
                    file,
                    "has a header that no run writes, at offset " + encoded.position() + "; use another directory");
        }
    }

    private static String text(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] text = new byte[length];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static ByteBuffer readUpTo(FileChannel channel, int bytes) throws IOException {
        ByteBuffer in = littleEndian(bytes);
        while (in.hasRemaining() && channel.read(in, in.position()) >= 0) {
            // goes on until it is full or the file ends
        }
        return in.flip();
    }

    private static JournalException damagedHeader(Path file) {
        return JournalException.unusable(file, "has a damaged header, so the run that it belongs to is unknown");
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    // Records: magic 4, length of the payload 4, first task 8, count 4, CRC-32C of these 4, CRC-32C of the payload 4.

    /** Puts one record at the position of a little-endian buffer that has room for it. */
    void put(ByteBuffer out, long firstTask, int count, Payload payload, int length) {
        int start = out.position();
        int begin = start + RECORD_HEADER;
        out.position(begin);
        payload.write(out);
        if (out.position() != begin + length) {
            throw new IllegalStateException("journal " + file + ": the payload of task " + firstTask + " has "
                    + (out.position() - begin) + " bytes, but said " + length);
        }
        out.putInt(start, RECORD_MAGIC);
        out.putInt(start + LENGTH, length);
        out.putLong(start + FIRST_TASK, firstTask);
        out.putInt(start + COUNT, count);
        out.putInt(start + HEADER_CRC, headerCheckSum(out, start));
        out.putInt(start + PAYLOAD_CRC, crc(out, begin, length));
    }

    /**
     * Whether the header of a record is at this index: its checksum is right, and its fields are within their limits.
     */
    boolean isRecordHeader(ByteBuffer in, int index) {
        if (in.getInt(index) != RECORD_MAGIC || in.getInt(index + HEADER_CRC) != headerCheckSum(in, index)) {
            return false;
        }
        int length = payloadBytes(in, index);
        return length >= 0 && length <= Journal.MAX_PAYLOAD && hasTasks(firstTask(in, index), count(in, index));
    }

    boolean hasTasks(long firstTask, int count) {
        return firstTask >= 0 && count >= 1 && firstTask <= header.points() - count;
    }

    /** Whether the payload behind the header at this index is what was written. */
    boolean isPayloadWhole(ByteBuffer in, int index) {
        return in.getInt(index + PAYLOAD_CRC) == crc(in, index + RECORD_HEADER, payloadBytes(in, index));
    }

    static int payloadBytes(ByteBuffer in, int index) {
        return in.getInt(index + LENGTH);
    }

    static long firstTask(ByteBuffer in, int index) {
        return in.getLong(index + FIRST_TASK);
    }

    static int count(ByteBuffer in, int index) {
        return in.getInt(index + COUNT);
    }

    /** How many of these bytes, which begin with a record, belong to whole records. */
    static int wholeRecords(ByteBuffer records, int bytes) {
        int end = 0;
        while (bytes - end >= RECORD_HEADER && bytes - end >= RECORD_HEADER + payloadBytes(records, end)) {
            end += RECORD_HEADER + payloadBytes(records, end);
        }
        return end;
    }

    private int headerCheckSum(ByteBuffer buffer, int index) {
        return crc(buffer, index, HEADER_CRC) ^ salt;
    }

    private int crc(ByteBuffer buffer, int index, int length) {
        crc.reset();
        crc.update(buffer.slice(index, length));
        return (int) crc.getValue();
    }
}
