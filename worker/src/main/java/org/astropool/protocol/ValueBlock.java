package org.astropool.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some inputs or results, packed. Numbers and bytes travel as they are, everything else by Java serialization, each value by
 * itself so that one that cannot be read harms no other. Immutable: arrays are shared, not copied.
 */
public final class ValueBlock {

    /** How the values are packed. */
    public enum Kind {
        /** Nulls: results of functions that give none. */
        NOTHING,
        DOUBLE,
        LONG,
        /** {@code double[]}, all of the same length. */
        DOUBLE_VECTOR,
        /** Java serialization, a stream a value. */
        SERIALIZED,
        /** Inputs that nobody wants evaluated any more. */
        WITHDRAWN,
        /** {@code byte[]}, as they are. */
        BYTES
    }

    private static final Kind[] KINDS = Kind.values();
    private static final int HEADER = Byte.BYTES + 2 * Integer.BYTES;
    private static final double[] NO_DOUBLES = {};
    private static final long[] NO_LONGS = {};
    private static final byte[][] NO_BYTES = {};

    private final Kind kind;
    private final int count;
    private final int width;
    private final double[] doubles;
    private final long[] longs;
    private final byte[][] bytes;

    private ValueBlock(Kind kind, int count, int width, double[] doubles, long[] longs, byte[][] bytes) {
        this.kind = kind;
        this.count = count;
        this.width = width;
        this.doubles = doubles;
        this.longs = longs;
        this.bytes = bytes;
    }

    public static ValueBlock nothing(int count) {
        return new ValueBlock(Kind.NOTHING, count, 0, NO_DOUBLES, NO_LONGS, NO_BYTES);
    }

    public static ValueBlock withdrawn(int count) {
        return new ValueBlock(Kind.WITHDRAWN, count, 0, NO_DOUBLES, NO_LONGS, NO_BYTES);
    }

    /** @param values {@code count * width} numbers, vector after vector */
    public static ValueBlock vectors(int count, int width, double[] values) {
        return new ValueBlock(Kind.DOUBLE_VECTOR, count, width, values, NO_LONGS, NO_BYTES);
    }

    /**
     * Packs values by the tightest kind that fits all of them.
     *
     * @param values null, numbers, or anything serializable
     * @throws UnserializableException when a value cannot be serialized; says which and why
     */
    public static ValueBlock pack(List<? extends @Nullable Object> values) throws UnserializableException {
        int count = values.size();
        switch (commonKind(values)) {
            case NOTHING:
                return nothing(count);
            case DOUBLE: {
                double[] doubles = new double[count];
                for (int i = 0; i < count; i++) {
                    doubles[i] = (Double) values.get(i);
                }
                return new ValueBlock(Kind.DOUBLE, count, 1, doubles, NO_LONGS, NO_BYTES);
            }
            case LONG: {
                long[] longs = new long[count];
                for (int i = 0; i < count; i++) {
                    longs[i] = (Long) values.get(i);
                }
                return new ValueBlock(Kind.LONG, count, 1, NO_DOUBLES, longs, NO_BYTES);
            }
            case DOUBLE_VECTOR: {
                int width = ((double[]) values.get(0)).length;
                if (count == 1) {
                    return vectors(1, width, (double[]) values.get(0));
                }
                double[] doubles = new double[Math.multiplyExact(count, width)];
                for (int i = 0; i < count; i++) {
                    System.arraycopy((double[]) values.get(i), 0, doubles, i * width, width);
                }
                return vectors(count, width, doubles);
            }
            case BYTES: {
                byte[][] bytes = new byte[count][];
                for (int i = 0; i < count; i++) {
                    bytes[i] = (byte[]) values.get(i);
                }
                return new ValueBlock(Kind.BYTES, count, 0, NO_DOUBLES, NO_LONGS, bytes);
            }
            default: {
                byte[][] serialized = new byte[count][];
                for (int i = 0; i < count; i++) {
                    serialized[i] = Serialization.write(values.get(i));
                }
                return new ValueBlock(Kind.SERIALIZED, count, 0, NO_DOUBLES, NO_LONGS, serialized);
            }
        }
    }

    private static Kind commonKind(List<? extends @Nullable Object> values) {
        if (values.isEmpty()) {
            return Kind.NOTHING;
        }
        Object first = values.get(0);
        Class<?> type = first == null ? Void.class : first.getClass();
        boolean vector = first instanceof double[];
        int width = first instanceof double[] array ? array.length : 0;
        for (Object value : values) {
            if ((value == null ? Void.class : value.getClass()) != type
                    || (vector && value instanceof double[] array && array.length != width)) {
                return Kind.SERIALIZED;
            }
        }
        if (first == null) {
            return Kind.NOTHING;
        }
        if (first instanceof byte[]) {
            return Kind.BYTES;
        }
        return type == Double.class
                ? Kind.DOUBLE
                : type == Long.class ? Kind.LONG : vector ? Kind.DOUBLE_VECTOR : Kind.SERIALIZED;
    }

    public Kind kind() {
        return kind;
    }

    public int count() {
        return count;
    }

    /**
     * Unpacks one value.
     *
     * @param i from 0 to count - 1
     * @throws java.io.IOException or ClassNotFoundException or whatever the value's own readObject throws
     */
    public @Nullable Object get(int i, Serialization serialization) throws Exception {
        switch (kind) {
            case DOUBLE:
                return doubles[i];
            case LONG:
                return longs[i];
            case DOUBLE_VECTOR:
                return count == 1 ? doubles : Arrays.copyOfRange(doubles, i * width, (i + 1) * width);
            case BYTES:
                return bytes[i];
            case SERIALIZED:
                return serialization.read(bytes[i]);
            default:
                return null;
        }
    }

    /** The values [from, to) as a block of their own. */
    public ValueBlock slice(int from, int to) {
        if (from == 0 && to == count) {
            return this;
        }
        return new ValueBlock(
                kind,
                to - from,
                width,
                doubles.length == 0 ? doubles : Arrays.copyOfRange(doubles, from * width, to * width),
                longs.length == 0 ? longs : Arrays.copyOfRange(longs, from, to),
                bytes.length == 0 ? bytes : Arrays.copyOfRange(bytes, from, to));
    }

    /** Bytes in a frame. */
    public long bytes() {
        long size = HEADER + (long) doubles.length * Double.BYTES + (long) longs.length * Long.BYTES;
        for (byte[] value : bytes) {
            size += Wire.size(value);
        }
        return size;
    }

    public void write(ByteBuffer out) {
        out.put((byte) kind.ordinal()).putInt(count).putInt(width);
        switch (kind) {
            case DOUBLE:
            case DOUBLE_VECTOR:
                out.asDoubleBuffer().put(doubles);
                out.position(out.position() + doubles.length * Double.BYTES);
                break;
            case LONG:
                out.asLongBuffer().put(longs);
                out.position(out.position() + longs.length * Long.BYTES);
                break;
            case BYTES:
            case SERIALIZED:
                for (byte[] value : bytes) {
                    Wire.put(out, value);
                }
                break;
            default:
                break;
        }
    }

    public static ValueBlock read(ByteBuffer in) {
        int ordinal = in.get();
        int count = in.getInt();
        int width = in.getInt();
        if (ordinal < 0 || ordinal >= KINDS.length || count < 0 || width < 0) {
            throw new ProtocolException("no value block: kind " + ordinal + ", count " + count + ", width " + width);
        }
        Kind kind = KINDS[ordinal];
        switch (kind) {
            case DOUBLE:
            case DOUBLE_VECTOR: {
                double[] doubles = new double[checked(in, (long) count * width)];
                in.asDoubleBuffer().get(doubles);
                in.position(in.position() + doubles.length * Double.BYTES);
                return new ValueBlock(kind, count, width, doubles, NO_LONGS, NO_BYTES);
            }
            case LONG: {
                long[] longs = new long[checked(in, count)];
                in.asLongBuffer().get(longs);
                in.position(in.position() + longs.length * Long.BYTES);
                return new ValueBlock(kind, count, width, NO_DOUBLES, longs, NO_BYTES);
            }
            case BYTES:
            case SERIALIZED: {
                if (count > in.remaining() / Integer.BYTES) {
                    throw new ProtocolException(count + " values in a frame with " + in.remaining() + " bytes left");
                }
                byte[][] bytes = new byte[count][];
                for (int i = 0; i < count; i++) {
                    bytes[i] = Wire.bytes(in);
                }
                return new ValueBlock(kind, count, width, NO_DOUBLES, NO_LONGS, bytes);
            }
            default:
                return new ValueBlock(kind, count, width, NO_DOUBLES, NO_LONGS, NO_BYTES);
        }
    }

    private static int checked(ByteBuffer in, long numbers) {
        if (numbers > in.remaining() / Double.BYTES) {
            throw new ProtocolException(numbers + " numbers in a frame with " + in.remaining() + " bytes left");
        }
        return (int) numbers;
    }
}
