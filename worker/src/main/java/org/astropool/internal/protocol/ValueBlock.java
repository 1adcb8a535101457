package org.astropool.internal.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Some inputs or results, packed. Numbers and bytes travel as they are, everything else as {@link TaggedValue}s, each
 * value by itself so that one that cannot be read harms no other. Immutable, once it is built.
 */
public final class ValueBlock {

    /** How the values are packed. */
    public enum Kind {
        /** Nulls: results of functions that return nothing. */
        NOTHING,
        DOUBLE,
        LONG,
        /** {@code double[]}, all of the same length. */
        DOUBLE_VECTOR,
        /** Java serialization, a stream a value; written by earlier versions, and for what was serialized before. */
        SERIALIZED,
        /** Inputs whose evaluation is not needed any more. */
        WITHDRAWN,
        /** {@code byte[]}, as they are. */
        BYTES,
        /** Each value for itself, with its type ({@link TaggedValue}). */
        TAGGED,
        /** The same, after the descriptions of classes to which the values refer; {@link #TAGGED} in memory. */
        TAGGED_WITH_CLASSES
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
    private final Map<Long, ClassDescription> classes;

    private ValueBlock(Kind kind, int count, int width, double[] doubles, long[] longs, byte[][] bytes) {
        this(kind, count, width, doubles, longs, bytes, Map.of());
    }

    private ValueBlock(
            Kind kind,
            int count,
            int width,
            double[] doubles,
            long[] longs,
            byte[][] bytes,
            Map<Long, ClassDescription> classes) {
        this.kind = kind;
        this.count = count;
        this.width = width;
        this.doubles = doubles;
        this.longs = longs;
        this.bytes = bytes;
        this.classes = classes;
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
     * Packs values by the most compact kind that fits all of them, each as it is now: later changes of the values have
     * no effect here.
     *
     * @param values null, numbers, or anything serializable
     * @throws UnserializableException when a value cannot be serialized; says which and why
     */
    public static ValueBlock pack(Collection<? extends @Nullable Object> values) throws UnserializableException {
        Builder builder = new Builder(values.size());
        for (Object value : values) {
            builder.add(value);
        }
        return builder.build();
    }

    /** One value that was serialized by {@link Serialization#write}. */
    public static ValueBlock serialized(byte[] value) {
        return new ValueBlock(Kind.SERIALIZED, 1, 0, NO_DOUBLES, NO_LONGS, new byte[][] {value});
    }

    /** Packs one value, as {@link #pack}. */
    public static ValueBlock packOne(@Nullable Object value) throws UnserializableException {
        return pack(Collections.singletonList(value));
    }

    /**
     * Packs values of {@link #snapshot}, without a copy where that is possible: they must not change any more.
     *
     * @throws UnserializableException when a value is no snapshot and cannot be serialized
     */
    public static ValueBlock packSnapshots(List<? extends @Nullable Object> values) throws UnserializableException {
        if (values.size() == 1 && values.get(0) instanceof double[] vector) {
            return vectors(1, vector.length, vector);
        }
        Builder builder = new Builder(values.size());
        for (Object value : values) {
            builder.append(value);
        }
        return builder.build();
    }

    /**
     * A value as it is now, for {@link #packSnapshots}.
     *
     * @param isLast whether an array need not be copied, because it cannot change before it is packed and written
     * @throws UnserializableException when it cannot be serialized; says why
     */
    public static @Nullable Object snapshot(@Nullable Object value, boolean isLast) throws UnserializableException {
        if (value instanceof double[] vector) {
            return isLast ? vector : vector.clone();
        }
        if (value instanceof byte[] array) {
            return isLast ? array : array.clone();
        }
        boolean isImmutable = value == null || value instanceof Double || value instanceof Long;
        return isImmutable || value instanceof Tagged ? value : Tagged.of(value);
    }

    /** About how many bytes a value of {@link #snapshot} takes in a frame. */
    public static long snapshotBytes(@Nullable Object value) {
        if (value instanceof double[] vector) {
            return (long) vector.length * Double.BYTES;
        }
        if (value instanceof byte[] array) {
            return Wire.size(array);
        }
        return value instanceof Tagged tagged ? Wire.size(tagged.bytes) : TaggedValue.arrayBytes(value);
    }

    /** A value that was encoded when it was handed over. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Tagged(byte[] bytes, Map<Long, ClassDescription> classes) {
        static Tagged of(@Nullable Object value) throws UnserializableException {
            Map<Long, ClassDescription> classes = new HashMap<>();
            byte[] bytes = TaggedValue.encode(value, classes);
            return new Tagged(bytes, classes.isEmpty() ? Map.of() : classes);
        }
    }

    /** Packs values one by one, as they are when they are added: later changes have no effect. */
    public static final class Builder {
        private static final int FIRST_NUMBERS = 1 << 16;
        private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

        private final int expected;
        private Kind kind = Kind.NOTHING;
        private int count;
        private int width;
        private double[] doubles = NO_DOUBLES;
        private long[] longs = NO_LONGS;
        private byte[][] bytes = NO_BYTES;
        private final Map<Long, ClassDescription> classes = new HashMap<>();
        private long byteCount;

        /** @param expected how many values there will be; more and fewer are fine */
        public Builder(int expected) {
            this.expected = Math.max(1, expected);
        }

        /** @throws UnserializableException when the value cannot be serialized; says why. Nothing was added then. */
        public void add(@Nullable Object value) throws UnserializableException {
            append(value instanceof byte[] array ? array.clone() : value);
        }

        /** As {@link #add}, but a {@code byte[]} must not change any more. */
        private void append(@Nullable Object value) throws UnserializableException {
            if (count == 0) {
                begin(value);
            } else if (!isOfSameKind(value)) {
                tagAll();
            }
            switch (kind) {
                case DOUBLE:
                    makeRoom();
                    doubles[count] = (Double) java.util.Objects.requireNonNull(value);
                    break;
                case LONG:
                    if (count == longs.length) {
                        longs = Arrays.copyOf(longs, Math.max(expected, 2 * count));
                    }
                    longs[count] = (Long) java.util.Objects.requireNonNull(value);
                    break;
                case DOUBLE_VECTOR:
                    makeRoom();
                    System.arraycopy(java.util.Objects.requireNonNull(value), 0, doubles, count * width, width);
                    break;
                case BYTES:
                    appendBytes((byte[]) java.util.Objects.requireNonNull(value));
                    break;
                case TAGGED:
                    appendTagged(value);
                    break;
                default:
                    break;
            }
            count++;
        }

        private void begin(@Nullable Object value) {
            kind = kindOf(value);
            width = value instanceof double[] vector ? vector.length : kind == Kind.DOUBLE || kind == Kind.LONG ? 1 : 0;
        }

        private boolean isOfSameKind(@Nullable Object value) {
            return switch (kind) {
                case DOUBLE -> value instanceof Double;
                case DOUBLE_VECTOR -> value instanceof double[] vector && vector.length == width;
                case TAGGED -> true;
                default -> kindOf(value) == kind;
            };
        }

        /** For one value or a known number of values the array has the needed length at once; otherwise it grows. */
        private void makeRoom() {
            long needed = (count + 1L) * width;
            if (needed <= doubles.length) {
                return;
            }
            long all = Math.min((long) expected * width, MOST_NUMBERS);
            long wanted = Math.min(Math.max(2L * doubles.length, FIRST_NUMBERS), all);
            doubles = Arrays.copyOf(doubles, Math.toIntExact(Math.max(needed, wanted)));
        }

        private void appendTagged(@Nullable Object value) throws UnserializableException {
            if (value instanceof Tagged known) {
                classes.putAll(known.classes);
                appendBytes(known.bytes);
            } else {
                appendBytes(TaggedValue.encode(value, classes));
            }
        }

        private void appendBytes(byte[] value) {
            if (count == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(Math.min(expected, 1024), 2 * count));
            }
            bytes[count] = value;
            byteCount += value.length;
        }

        private void tagAll() throws UnserializableException {
            byte[][] tagged = new byte[Math.max(expected, count)][];
            byteCount = 0;
            for (int i = 0; i < count; i++) {
                tagged[i] = TaggedValue.encode(
                        switch (kind) {
                            case DOUBLE -> doubles[i];
                            case LONG -> longs[i];
                            case DOUBLE_VECTOR -> Arrays.copyOfRange(doubles, i * width, (i + 1) * width);
                            case BYTES -> bytes[i];
                            default -> null;
                        },
                        classes);
                byteCount += tagged[i].length;
            }
            kind = Kind.TAGGED;
            width = 0;
            doubles = NO_DOUBLES;
            longs = NO_LONGS;
            bytes = tagged;
        }

        public int count() {
            return count;
        }

        /** About how many bytes the values take in a frame. */
        public long bytes() {
            return byteCount + classBytes(classes) + (long) count * Math.max(1, width) * Double.BYTES;
        }

        /** All that was added. The builder must not be used any more. */
        public ValueBlock build() {
            int numbers = count * width;
            return new ValueBlock(
                    kind,
                    count,
                    width,
                    doubles.length == numbers || doubles.length == 0 ? doubles : Arrays.copyOf(doubles, numbers),
                    longs.length == count || longs.length == 0 ? longs : Arrays.copyOf(longs, count),
                    bytes.length == count || bytes.length == 0 ? bytes : Arrays.copyOf(bytes, count),
                    classes);
        }

        private static Kind kindOf(@Nullable Object value) {
            if (value instanceof double[]) {
                return Kind.DOUBLE_VECTOR;
            }
            if (value instanceof Double) {
                return Kind.DOUBLE;
            }
            if (value instanceof Long) {
                return Kind.LONG;
            }
            if (value instanceof byte[]) {
                return Kind.BYTES;
            }
            return value == null ? Kind.NOTHING : Kind.TAGGED;
        }
    }

    public Kind kind() {
        return kind;
    }

    public int count() {
        return count;
    }

    /**
     * Unpacks one value; an array is a new one each time.
     *
     * @param i from 0 to count - 1
     * @throws java.io.IOException or ClassNotFoundException or whatever the value's own readObject throws
     */
    public @Nullable Object get(int i, Serialization serialization) throws Exception {
        Object value = take(i, serialization);
        if (kind == Kind.BYTES) {
            return bytes[i].clone();
        }
        return value == doubles ? doubles.clone() : value;
    }

    /**
     * As {@link #get}, but an array may be that of this block, without a copy: for the last reader of the value,
     * because the caller may change it.
     */
    public @Nullable Object take(int i, Serialization serialization) throws Exception {
        switch (kind) {
            case DOUBLE:
                return doubles[i];
            case LONG:
                return longs[i];
            case DOUBLE_VECTOR:
                return count == 1 ? doubles : Arrays.copyOfRange(doubles, i * width, (i + 1) * width);
            case BYTES:
                return bytes[i];
            case TAGGED:
                return TaggedValue.decode(bytes[i], classes, serialization);
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
                bytes.length == 0 ? bytes : Arrays.copyOfRange(bytes, from, to),
                classes);
    }

    /** Bytes of its largest value in a frame, about. */
    public long largestBytes() {
        long largest = (long) Math.max(1, width) * Double.BYTES;
        for (byte[] value : bytes) {
            largest = Math.max(largest, Wire.size(value));
        }
        return largest + classBytes(classes);
    }

    /** Bytes in a frame. */
    public long bytes() {
        long size =
                HEADER + classBytes(classes) + (long) doubles.length * Double.BYTES + (long) longs.length * Long.BYTES;
        for (byte[] value : bytes) {
            size += Wire.size(value);
        }
        return size;
    }

    private static long classBytes(Map<Long, ClassDescription> classes) {
        if (classes.isEmpty()) {
            return 0; // asked after each value
        }
        long size = Integer.BYTES;
        for (ClassDescription description : classes.values()) {
            size += ClassDescription.HEADER + Wire.size(description.bytes());
        }
        return size;
    }

    public void write(ByteBuffer out) {
        Kind written = classes.isEmpty() ? kind : Kind.TAGGED_WITH_CLASSES;
        out.put((byte) written.ordinal()).putInt(count).putInt(width);
        if (!classes.isEmpty()) {
            out.putInt(classes.size());
            classes.values().forEach(description -> Wire.put(out.putLong(description.number()), description.bytes()));
        }
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
            case TAGGED:
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
            throw new ProtocolException("not a value block: kind " + ordinal + ", count " + count + ", width " + width);
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
            case TAGGED:
            case TAGGED_WITH_CLASSES:
            case SERIALIZED: {
                Map<Long, ClassDescription> classes = kind == Kind.TAGGED_WITH_CLASSES ? readClasses(in) : Map.of();
                if (count > in.remaining() / Integer.BYTES) {
                    throw new ProtocolException(count + " values in a frame with " + in.remaining() + " bytes left");
                }
                byte[][] bytes = new byte[count][];
                for (int i = 0; i < count; i++) {
                    bytes[i] = Wire.bytes(in);
                }
                Kind inMemory = kind == Kind.TAGGED_WITH_CLASSES ? Kind.TAGGED : kind;
                return new ValueBlock(inMemory, count, width, NO_DOUBLES, NO_LONGS, bytes, classes);
            }
            default:
                return new ValueBlock(kind, count, width, NO_DOUBLES, NO_LONGS, NO_BYTES);
        }
    }

    private static Map<Long, ClassDescription> readClasses(ByteBuffer in) {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / ClassDescription.HEADER) {
            throw new ProtocolException(count + " classes in a frame with " + in.remaining() + " bytes left");
        }
        Map<Long, ClassDescription> classes = new HashMap<>();
        for (int i = 0; i < count; i++) {
            ClassDescription description = new ClassDescription(in.getLong(), Wire.bytes(in));
            classes.put(description.number(), description);
        }
        return classes;
    }

    private static int checked(ByteBuffer in, long numbers) {
        if (numbers > in.remaining() / Double.BYTES) {
            throw new ProtocolException(numbers + " numbers in a frame with " + in.remaining() + " bytes left");
        }
        return (int) numbers;
    }
}
