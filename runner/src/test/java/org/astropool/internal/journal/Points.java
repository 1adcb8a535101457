package org.astropool.internal.journal;

import java.nio.ByteBuffer;
import java.util.BitSet;

/** Records whose content follows from their tasks, and what of them was delivered. */
final class Points implements RecordReader {
    static final long COUNT = 1_000_000_000;

    final BitSet seen = new BitSet();
    long records;

    static JournalHeader header() {
        return new JournalHeader("1.2.3", "job-\u03a9", "model", "0123", "4567", COUNT);
    }

    /** 12 bytes a task. */
    static Payload payload(long firstTask, int count) {
        return new Payload() {
            @Override
            public int bytes() {
                return 12 * count;
            }

            @Override
            public void write(ByteBuffer out) {
                for (long task = firstTask; task < firstTask + count; task++) {
                    out.putDouble(Math.sin(task)).putInt((int) task);
                }
            }
        };
    }

    static int recordBytes(int count) {
        return Layout.RECORD_HEADER + 12 * count;
    }

    static void append(Journal journal, long firstTask, int count) {
        journal.append(firstTask, count, payload(firstTask, count));
    }

    /** Fails when a record is not what was appended. */
    @Override
    public void record(long firstTask, int count, ByteBuffer payload) {
        if (payload.remaining() != 12 * count) {
            throw new AssertionError(payload.remaining() + " bytes of " + count + " tasks from " + firstTask);
        }
        for (long task = firstTask; task < firstTask + count; task++) {
            if (payload.getDouble() != Math.sin(task) || payload.getInt() != (int) task) {
                throw new AssertionError("wrong result of task " + task);
            }
        }
        records++;
        seen.set((int) firstTask, (int) firstTask + count);
    }
}
