package org.astropool.internal.protocol;

import java.nio.ByteBuffer;

/** Takes the fields of a message in their order: to learn their length, or to write them to a frame. */
sealed interface FieldWriter {

    FieldWriter putInt(int value);

    FieldWriter putLong(long value);

    FieldWriter putBoolean(boolean value);

    FieldWriter putBytes(byte[] array);

    default FieldWriter putString(String text) {
        return putBytes(Wire.utf8(text));
    }

    FieldWriter putValues(ValueBlock values);

    FieldWriter putOutcomes(OutcomeBlock outcomes);

    /** Adds up how many bytes the fields take. */
    final class Length implements FieldWriter {
        private long bytes;

        long bytes() {
            return bytes;
        }

        @Override
        public FieldWriter putInt(int value) {
            bytes += Integer.BYTES;
            return this;
        }

        @Override
        public FieldWriter putLong(long value) {
            bytes += Long.BYTES;
            return this;
        }

        @Override
        public FieldWriter putBoolean(boolean value) {
            bytes += Byte.BYTES;
            return this;
        }

        @Override
        public FieldWriter putBytes(byte[] array) {
            bytes += Wire.size(array);
            return this;
        }

        @Override
        public FieldWriter putValues(ValueBlock values) {
            bytes += values.bytes();
            return this;
        }

        @Override
        public FieldWriter putOutcomes(OutcomeBlock outcomes) {
            bytes += outcomes.bytes();
            return this;
        }
    }

    /** Writes the fields. */
    final class Frame implements FieldWriter {
        private final ByteBuffer out;

        Frame(ByteBuffer out) {
            this.out = out;
        }

        @Override
        public FieldWriter putInt(int value) {
            out.putInt(value);
            return this;
        }

        @Override
        public FieldWriter putLong(long value) {
            out.putLong(value);
            return this;
        }

        @Override
        public FieldWriter putBoolean(boolean value) {
            out.put((byte) (value ? 1 : 0));
            return this;
        }

        @Override
        public FieldWriter putBytes(byte[] array) {
            Wire.put(out, array);
            return this;
        }

        @Override
        public FieldWriter putValues(ValueBlock values) {
            values.write(out);
            return this;
        }

        @Override
        public FieldWriter putOutcomes(OutcomeBlock outcomes) {
            outcomes.write(out);
            return this;
        }
    }
}
