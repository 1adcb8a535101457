package org.astropool.task;

import java.io.Serializable;

/**
 * The outputs of one point of a model that has strings among them. A model without strings gives the numbers alone, as
 * {@code double[]}, which travels packed.
 *
 * @param numbers as {@link OutputRow#numbers}
 * @param strings as {@link OutputRow#strings}
 */
@SuppressWarnings("ArrayRecordComponent") // data in flight, never compared
public record ModelRow(double[] numbers, String[] strings) implements Serializable {
    private static final long serialVersionUID = 1;
}
