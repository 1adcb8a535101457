package org.astropool.internal.protocol;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value as bytes: a tag for its type, and what the type needs. Numbers, text, arrays of primitive types, and lists
 * and records of such values are written directly, which takes a fraction of the time of Java serialization; everything
 * else is written by Java serialization. A value in which an array or a list occurs twice is also left to it, because
 * it keeps such references.
 */
final class TaggedValue {
    private static final byte SERIALIZED = 0;
    private static final byte NULL = 1;
    private static final byte DOUBLE = 2;
    private static final byte LONG = 3;
    private static final byte INTEGER = 4;
    private static final byte FLOAT = 5;
    private static final byte SHORT = 6;
    private static final byte BYTE = 7;
    private static final byte CHARACTER = 8;
    private static final byte FALSE = 9;
    private static final byte TRUE = 10;
    private static final byte LATIN_TEXT = 11;
    private static final byte TEXT = 12;
    private static final byte DOUBLES = 13;
    private static final byte LONGS = 14;
    private static final byte INTEGERS = 15;
    private static final byte FLOATS = 16;
    private static final byte SHORTS = 17;
    private static final byte BYTES = 18;
    private static final byte CHARACTERS = 19;
    private static final byte BOOLEANS = 20;
    private static final byte ARRAY_LIST = 21;
    private static final byte IMMUTABLE_LIST = 22;
    private static final byte RECORD = 23;
    /** By Java serialization, without the descriptions of classes. */
    private static final byte REFERRING = 24;

    private static final int MAX_DEPTH = 16;
    private static final int NOT_DIRECTLY = -1;
    private static final Class<?> SHORT_LIST = List.of(1).getClass();
    private static final Class<?> LONG_LIST = List.of(1, 2, 3).getClass();

    private TaggedValue() {}

    /**
     * The bytes of a value.
     *
     * @param classes gets the descriptions of classes that reading needs
     * @throws UnserializableException when it cannot be serialized; says why
     */
    static byte[] encode(@Nullable Object value, Map<Long, ClassDescription> classes) throws UnserializableException {
        long size = new Size().of(value, 0);
        if (size == NOT_DIRECTLY) {
            byte[] bytes = Serialization.write(value, 1, classes);
            bytes[0] = REFERRING;
            return bytes;
        }
        if (size > Integer.MAX_VALUE - 8) {
            String problem = "a value of " + size + " bytes is larger than a message can be";
            throw new UnserializableException(problem, new IOException(problem));
        }
        byte[] bytes = new byte[(int) size];
        write(value, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        return bytes;
    }

    /** Bytes of an array of a primitive type, about; the size of a number for everything else. */
    static long arrayBytes(@Nullable Object value) {
        int width = value == null || !value.getClass().isArray() ? 0 : width(value.getClass());
        return width == 0 ? Long.BYTES : 5 + (long) width * java.lang.reflect.Array.getLength(value);
    }

    private static int width(Class<?> array) {
        if (array == double[].class || array == long[].class) {
            return Long.BYTES;
        }
        if (array == int[].class || array == float[].class) {
            return Integer.BYTES;
        }
        if (array == short[].class || array == char[].class) {
            return Short.BYTES;
        }
        return array == byte[].class || array == boolean[].class ? 1 : 0;
    }

    /** Adds up the bytes of one value, and finds out whether it can be written directly. */
    private static final class Size {
        private @Nullable Object first;
        private @Nullable Set<Object> others;

        long of(@Nullable Object value, int depth) {
            if (value == null || value instanceof Boolean) {
                return 1;
            }
            if (value instanceof Number || value instanceof Character) {
                return ofNumber(value);
            }
            if (value instanceof String text) {
                return 1 + Integer.BYTES + (isLatin(text) ? text.length() : 2L * text.length());
            }
            Class<?> type = value.getClass();
            if (type.isArray()) {
                return width(type) == 0 || isRepeated(value) ? NOT_DIRECTLY : arrayBytes(value);
            }
            if (depth == MAX_DEPTH) {
                return NOT_DIRECTLY;
            }
            if (type == ArrayList.class || type == SHORT_LIST || type == LONG_LIST) {
                return isRepeated(value) ? NOT_DIRECTLY : ofList((List<?>) value, type == ArrayList.class, depth);
            }
            RecordShape shape =
                    type.isRecord() && ObjectInputFilter.Config.getSerialFilter() == null ? RecordShape.of(type) : null;
            return shape == null ? NOT_DIRECTLY : ofRecord(value, shape, depth);
        }

        private static long ofNumber(Object value) {
            if (value instanceof Integer || value instanceof Float) {
                return 1 + Integer.BYTES;
            }
            if (value instanceof Double || value instanceof Long) {
                return 1 + Long.BYTES;
            }
            if (value instanceof Short || value instanceof Character) {
                return 1 + Short.BYTES;
            }
            return value instanceof Byte ? 2 : NOT_DIRECTLY;
        }

        private long ofList(List<?> list, boolean mayHaveNull, int depth) {
            long sum = 1 + Integer.BYTES;
            for (Object element : list) {
                long size = element == null && !mayHaveNull ? NOT_DIRECTLY : of(element, depth + 1);
                if (size == NOT_DIRECTLY) {
                    return NOT_DIRECTLY;
                }
                sum += size;
            }
            return sum;
        }

        private long ofRecord(Object instance, RecordShape shape, int depth) {
            long sum = 1 + of(shape.name(), depth);
            for (int i = 0; i < shape.components(); i++) {
                long size = of(shape.component(instance, i), depth + 1);
                if (size == NOT_DIRECTLY) {
                    return NOT_DIRECTLY;
                }
                sum += size;
            }
            return sum;
        }

        private boolean isRepeated(Object value) {
            if (first == null) {
                first = value;
                return false;
            }
            if (others == null) {
                others = Collections.newSetFromMap(new IdentityHashMap<>());
            }
            return value == first || !others.add(value);
        }
    }

    private static boolean isLatin(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                return false;
            }
        }
        return true;
    }

    private static void write(@Nullable Object value, ByteBuffer out) {
        if (value == null) {
            out.put(NULL);
        } else if (value instanceof Integer number) {
            out.put(INTEGER).putInt(number);
        } else if (value instanceof String text) {
            writeText(text, out);
        } else if (value instanceof Double number) {
            out.put(DOUBLE).putLong(Double.doubleToRawLongBits(number));
        } else if (value instanceof Long number) {
            out.put(LONG).putLong(number);
        } else if (value instanceof Float number) {
            out.put(FLOAT).putInt(Float.floatToRawIntBits(number));
        } else if (value instanceof Boolean truth) {
            out.put(truth ? TRUE : FALSE);
        } else if (value instanceof Short number) {
            out.put(SHORT).putShort(number);
        } else if (value instanceof Byte number) {
            out.put(BYTE).put(number);
        } else if (value instanceof Character character) {
            out.put(CHARACTER).putChar(character);
        } else if (value instanceof List<?> list) {
            out.put(list.getClass() == ArrayList.class ? ARRAY_LIST : IMMUTABLE_LIST)
                    .putInt(list.size());
            list.forEach(element -> write(element, out));
        } else if (value.getClass().isArray()) {
            writeArray(value, out);
        } else {
            RecordShape shape = java.util.Objects.requireNonNull(RecordShape.of(value.getClass()));
            out.put(RECORD);
            writeText(shape.name(), out);
            for (int i = 0; i < shape.components(); i++) {
                write(shape.component(value, i), out);
            }
        }
    }

    private static void writeText(String text, ByteBuffer out) {
        boolean latin = isLatin(text);
        out.put(latin ? LATIN_TEXT : TEXT).putInt(text.length());
        if (latin) {
            out.put(text.getBytes(StandardCharsets.ISO_8859_1));
        } else {
            out.asCharBuffer().put(text); // unlike UTF-8, with single surrogates as they are
            out.position(out.position() + 2 * text.length());
        }
    }

    private static void writeArray(Object value, ByteBuffer out) {
        int length = java.lang.reflect.Array.getLength(value);
        if (value instanceof double[] array) {
            out.put(DOUBLES).putInt(length).asDoubleBuffer().put(array);
        } else if (value instanceof long[] array) {
            out.put(LONGS).putInt(length).asLongBuffer().put(array);
        } else if (value instanceof int[] array) {
            out.put(INTEGERS).putInt(length).asIntBuffer().put(array);
        } else if (value instanceof float[] array) {
            out.put(FLOATS).putInt(length).asFloatBuffer().put(array);
        } else if (value instanceof short[] array) {
            out.put(SHORTS).putInt(length).asShortBuffer().put(array);
        } else if (value instanceof char[] array) {
            out.put(CHARACTERS).putInt(length).asCharBuffer().put(array);
        } else if (value instanceof byte[] array) {
            out.put(BYTES).putInt(length).duplicate().put(array);
        } else {
            out.put(BOOLEANS).putInt(length);
            ByteBuffer rest = out.duplicate();
            for (boolean truth : (boolean[]) value) {
                rest.put((byte) (truth ? 1 : 0));
            }
        }
        out.position(out.position() + length * width(value.getClass()));
    }

    /** @throws Exception whatever reading throws, the value's own readObject or constructor included */
    static @Nullable Object decode(byte[] bytes, Map<Long, ClassDescription> classes, Serialization serialization)
            throws Exception {
        if (bytes.length > 0 && bytes[0] == REFERRING) {
            return serialization.read(bytes, 1, classes);
        }
        if (bytes.length > 0 && bytes[0] == SERIALIZED) {
            return serialization.read(bytes, 1);
        }
        try {
            return read(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), serialization);
        } catch (BufferUnderflowException e) {
            throw new IOException("a value ends too soon", e);
        }
    }

    private static @Nullable Object read(ByteBuffer in, Serialization serialization) throws Exception {
        byte tag = in.get();
        return switch (tag) {
            case NULL -> null;
            case DOUBLE -> Double.longBitsToDouble(in.getLong());
            case LONG -> in.getLong();
            case INTEGER -> in.getInt();
            case FLOAT -> Float.intBitsToFloat(in.getInt());
            case SHORT -> in.getShort();
            case BYTE -> in.get();
            case CHARACTER -> in.getChar();
            case FALSE -> false;
            case TRUE -> true;
            case LATIN_TEXT, TEXT -> readText(tag, in);
            case ARRAY_LIST, IMMUTABLE_LIST -> readList(tag, in, serialization);
            case RECORD -> readRecord(in, serialization);
            default -> readArray(tag, in);
        };
    }

    private static String readText(byte tag, ByteBuffer in) throws IOException {
        if (tag == LATIN_TEXT) {
            int length = length(in, 1);
            String text = new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.ISO_8859_1);
            in.position(in.position() + length);
            return text;
        }
        char[] text = new char[length(in, Character.BYTES)];
        in.asCharBuffer().get(text);
        in.position(in.position() + text.length * Character.BYTES);
        return new String(text);
    }

    private static List<?> readList(byte tag, ByteBuffer in, Serialization serialization) throws Exception {
        int length = length(in, 1);
        @Nullable Object[] elements = new Object[length];
        for (int i = 0; i < length; i++) {
            elements[i] = read(in, serialization);
        }
        return tag == ARRAY_LIST ? new ArrayList<>(java.util.Arrays.asList(elements)) : List.of(elements);
    }

    private static Object readRecord(ByteBuffer in, Serialization serialization) throws Exception {
        RecordShape shape = serialization.recordShape(readText(in.get(), in));
        @Nullable Object[] components = new Object[shape.components()];
        for (int i = 0; i < components.length; i++) {
            components[i] = read(in, serialization);
        }
        return shape.build(components);
    }

    private static Object readArray(byte tag, ByteBuffer in) throws IOException {
        Object array;
        if (tag == DOUBLES) {
            double[] doubles = new double[length(in, Double.BYTES)];
            in.asDoubleBuffer().get(doubles);
            array = doubles;
        } else if (tag == LONGS) {
            long[] longs = new long[length(in, Long.BYTES)];
            in.asLongBuffer().get(longs);
            array = longs;
        } else if (tag == INTEGERS) {
            int[] integers = new int[length(in, Integer.BYTES)];
            in.asIntBuffer().get(integers);
            array = integers;
        } else if (tag == FLOATS) {
            float[] floats = new float[length(in, Float.BYTES)];
            in.asFloatBuffer().get(floats);
            array = floats;
        } else if (tag == SHORTS) {
            short[] shorts = new short[length(in, Short.BYTES)];
            in.asShortBuffer().get(shorts);
            array = shorts;
        } else if (tag == CHARACTERS) {
            char[] characters = new char[length(in, Character.BYTES)];
            in.asCharBuffer().get(characters);
            array = characters;
        } else if (tag == BYTES) {
            byte[] bytes = new byte[length(in, 1)];
            in.duplicate().get(bytes);
            array = bytes;
        } else if (tag == BOOLEANS) {
            boolean[] truths = new boolean[length(in, 1)];
            for (int i = 0; i < truths.length; i++) {
                truths[i] = in.get(in.position() + i) != 0;
            }
            array = truths;
        } else {
            throw new IOException("no type of value: " + tag);
        }
        in.position(in.position() + width(array.getClass()) * java.lang.reflect.Array.getLength(array));
        return array;
    }

    /** @throws IOException when the frame does not have so many elements */
    private static int length(ByteBuffer in, int width) throws IOException {
        int length = in.getInt();
        if (length < 0 || length > in.remaining() / width) {
            throw new IOException(length + " elements with " + in.remaining() + " bytes left");
        }
        return length;
    }
}
