package org.astropool.internal.python;

import java.nio.ByteBuffer;

/**
 * What is exchanged with Python: a header and a payload (docs/python-protocol.md).
 *
 * @param kind one of the constants
 * @param count depends on the kind
 * @param id depends on the kind
 * @param payload its bytes, which must not change
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Frame(int kind, int count, long id, byte[] payload) {
    /** Bytes of a header. */
    public static final int HEADER = 24;

    /** From the script to the pool. */
    public static final int HELLO = 1;

    public static final int OBJECT = 2;
    public static final int CALL = 3;
    public static final int TASK = 4;
    public static final int CANCEL = 5;
    public static final int FORGET = 6;
    public static final int END_CALL = 7;
    public static final int EVERYWHERE = 9;

    /** From the pool to the script. */
    public static final int READY = 16;

    public static final int RESULT = 17;
    public static final int FAILED = 18;
    public static final int WORKERS = 19;
    public static final int ENDED = 20;

    /** From the pool to a worker process. */
    public static final int SETUP = 32;

    public static final int RUN = 33;

    /** From a worker process to the pool. */
    public static final int STARTED = 48;

    public static final int DONE = 49;

    /** Writes a header. */
    static void header(ByteBuffer out, int kind, int count, long id, long length) {
        out.putInt(kind << 24).putInt(count).putLong(id).putLong(length);
    }
}
