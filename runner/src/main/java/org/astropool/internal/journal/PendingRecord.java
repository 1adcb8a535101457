package org.astropool.internal.journal;

/**
 * A record that was appended and is not written yet.
 *
 * @param length the number of bytes of the payload, as it said when it was appended
 */
record PendingRecord(long firstTask, int count, Payload payload, int length) {

    /** The number of bytes that it takes in the file. */
    int bytes() {
        return Layout.RECORD_HEADER + length;
    }
}
