package org.astropool.internal.journal;

import java.nio.ByteBuffer;

/** Receives the records of a journal, in the order in which they were appended. */
@FunctionalInterface
public interface RecordReader {

    /**
     * One whole record. The same task may be in several of them: the last one is the newest.
     *
     * @param firstTask the first of its tasks; all of them are among the points of the header
     * @param count the number of its tasks, at least 1
     * @param payload what was written, little-endian, from position 0 to its limit; valid only during this call
     * @throws MalformedRecordException when the payload cannot have been written by its writer; the record is then
     *     reported as damage, and reading continues after it
     */
    void record(long firstTask, int count, ByteBuffer payload);

    /**
     * The same, with its place.
     *
     * @param position where the record begins in the file, for {@link JournalRecords}
     */
    default void record(long firstTask, int count, ByteBuffer payload, long position) {
        record(firstTask, count, payload);
    }
}
