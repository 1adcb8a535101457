package org.astropool.task;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The outputs of one point of a model that has strings among them. A model without strings gives the numbers alone, as
 * {@code double[]}, which travels packed.
 *
 * @param bits of {@link OutputRow#numbers}; Java serialization would change a double that is a whole number in disguise
 *     when that looks like a NaN
 * @param strings as {@link OutputRow#strings}
 */
@SuppressWarnings("ArrayRecordComponent") // data in flight, never compared
public record ModelRow(long[] bits, String[] strings) implements Serializable {
    private static final long serialVersionUID = 1;

    static ModelRow of(OutputRow row) {
        long[] bits = Arrays.stream(row.numbers())
                .mapToLong(Double::doubleToRawLongBits)
                .toArray();
        return new ModelRow(bits, row.strings());
    }

    /** As {@link OutputRow#numbers}. */
    public double[] numbers() {
        return Arrays.stream(bits).mapToDouble(Double::longBitsToDouble).toArray();
    }
}
