package org.astropool.internal.journal;

/**
 * A part of a journal that cannot be read: bytes with whole records after them, or a record whose payload is malformed.
 * Its points are not delivered.
 *
 * @param offset of its first byte in the file
 * @param bytes its length, at least 1
 * @param firstTask the first task of the damaged record, or -1 where even that is unknown
 * @param count the number of tasks of the damaged record, or 0 where that is unknown
 * @param reason what is wrong with a payload whose check sum is right, else ""
 */
public record Damage(long offset, long bytes, long firstTask, int count, String reason) {

    /** Bytes that are not a whole record. */
    Damage(long offset, long bytes, long firstTask, int count) {
        this(offset, bytes, firstTask, count, "");
    }

    @Override
    public String toString() {
        String points = firstTask < 0
                ? "an unknown number of points"
                : count == 1 ? "point " + firstTask : "points " + firstTask + " to " + (firstTask + count - 1);
        return bytes + " damaged bytes at offset " + offset + " (" + points + ")"
                + (reason.isEmpty() ? "" : ": " + reason);
    }
}
