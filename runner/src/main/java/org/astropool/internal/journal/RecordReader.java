package org.astropool.internal.journal;

import java.nio.ByteBuffer;

/** Takes the records of a journal, in the order in which they were appended. */
@FunctionalInterface
public interface RecordReader {

    /**
     * One whole record. The same task may be in several of them: the later one is the newer.
     *
     * @param firstTask the first of its tasks; all of them are among the points of the header
     * @param count the number of its tasks, at least 1
     * @param payload what was written, little-endian, from position 0 to its limit; valid during this call alone
     * @throws MalformedRecordException when the payload cannot have been written by its writer; the record is then
     *     reported as damage, and reading continues behind it
     */
    void record(long firstTask, int count, ByteBuffer payload);
}
