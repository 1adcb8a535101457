package org.astropool.internal.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.astropool.task.OutputRow;

/**
 * The outputs of one point of a model that has strings among them. They are sent as bytes: Java serialization would
 * take longer than many fits. A model without strings gives only the numbers, as {@code double[]}.
 *
 * @param numbers as {@link OutputRow#numbers}
 * @param strings as {@link OutputRow#strings}
 */
@SuppressWarnings("ArrayRecordComponent") // data in flight, never compared
public record ModelRow(double[] numbers, String[] strings) {

    /** How many numbers, the bits of each, then the strings, each after its length in bytes. */
    static byte[] bytes(OutputRow row) {
        double[] numbers = row.numbers();
        String[] strings = row.strings();
        byte[][] texts = new byte[strings.length][];
        int size = Integer.BYTES + numbers.length * Double.BYTES;
        for (int i = 0; i < texts.length; i++) {
            texts[i] = strings[i].getBytes(StandardCharsets.UTF_8);
            size += Integer.BYTES + texts[i].length;
        }
        ByteBuffer out = ByteBuffer.allocate(size).putInt(numbers.length);
        for (double number : numbers) {
            out.putLong(Double.doubleToRawLongBits(number)); // the bits of a whole number may be those of a NaN
        }
        for (byte[] text : texts) {
            out.putInt(text.length).put(text);
        }
        return out.array();
    }

    /**
     * Of the result of a {@link ModelFunction}.
     *
     * @param bytes what a model with strings gives
     * @throws IllegalArgumentException when they are not a row
     */
    public static ModelRow of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        double[] numbers = new double[length(in, Double.BYTES)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Double.longBitsToDouble(in.getLong());
        }
        List<String> strings = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] text = new byte[length(in, Byte.BYTES)];
            in.get(text);
            strings.add(new String(text, StandardCharsets.UTF_8));
        }
        return new ModelRow(numbers, strings.toArray(String[]::new));
    }

    private static int length(ByteBuffer in, int elementBytes) {
        int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
        if (length < 0 || length > in.remaining() / elementBytes) {
            throw new IllegalArgumentException(
                    "a row of a model that is cut off, or none: " + length + " elements at byte " + in.position());
        }
        return length;
    }
}
