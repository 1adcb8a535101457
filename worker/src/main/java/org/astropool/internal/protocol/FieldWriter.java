package org.astropool.internal.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes the fields of a message in their order: to write them to a frame, or only to add up their length. */
final class FieldWriter {
    private final @Nullable ByteBuffer out;
    private long bytes;

    /** @param out null when only the length is asked for */
    FieldWriter(@Nullable ByteBuffer out) {
        this.out = out;
    }

    /** The length of the fields so far, when only that is asked for. */
    long bytes() {
        return bytes;
    }

    FieldWriter putInt(int value) {
        if (out == null) {
            bytes += Integer.BYTES;
        } else {
            out.putInt(value);
        }
        return this;
    }

    FieldWriter putLong(long value) {
        if (out == null) {
            bytes += Long.BYTES;
        } else {
            out.putLong(value);
        }
        return this;
    }

    FieldWriter putBoolean(boolean value) {
        if (out == null) {
            bytes += Byte.BYTES;
        } else {
            out.put((byte) (value ? 1 : 0));
        }
        return this;
    }

    FieldWriter putString(String text) {
        return putBytes(Wire.utf8(text));
    }

    FieldWriter putBytes(byte[] array) {
        if (out == null) {
            bytes += Wire.size(array);
        } else {
            Wire.put(out, array);
        }
        return this;
    }

    FieldWriter putValues(ValueBlock values) {
        if (out == null) {
            bytes += values.bytes();
        } else {
            values.write(out);
        }
        return this;
    }

    FieldWriter putOutcomes(OutcomeBlock outcomes) {
        if (out == null) {
            bytes += outcomes.bytes();
        } else {
            outcomes.write(out);
        }
        return this;
    }
}
