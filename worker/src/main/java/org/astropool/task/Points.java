package org.astropool.task;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * The points at which a model is evaluated: values of some of its parameters, at points numbered from 0. Sent to the
 * workers once.
 */
public interface Points extends Serializable {

    /** The parameters that have a value at each point, in order. */
    List<String> names();

    /** Number of points. */
    long size();

    /**
     * Writes a point.
     *
     * @param index from 0 to size - 1
     * @param into receives one value per name, in order
     */
    void point(long index, double[] into);

    /** The values at a point, one per name. */
    default double[] point(long index) {
        double[] point = new double[names().size()];
        point(Objects.checkIndex(index, size()), point);
        return point;
    }
}
