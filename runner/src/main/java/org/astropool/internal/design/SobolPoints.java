package org.astropool.internal.design;

import org.astropool.task.RandomStreams;
import org.hipparchus.random.SobolSequenceGenerator;

/**
 * A Sobol sequence with the direction numbers of Joe and Kuo (2008, SIAM J. Sci. Comput. 30, 2635; the file
 * new-joe-kuo-6.21201), randomised by a digital shift: all values of a dimension are combined with one random number by
 * exclusive or, which keeps the equidistribution and makes the seed matter. Thread-safe.
 */
final class SobolPoints implements DesignPoints.UnitPoints {
    /** Of the table of direction numbers. */
    static final int MOST_DIMENSIONS = 21_201;
    /** The binary digits of a value of the sequence. */
    private static final int BITS = 52;

    private final SobolSequenceGenerator sequence;
    private final long[] shifts;

    SobolPoints(int dimensions, long key) {
        sequence = new SobolSequenceGenerator(dimensions);
        shifts = new long[dimensions];
        for (int i = 0; i < dimensions; i++) {
            shifts[i] = RandomStreams.key(key, i) >>> (Long.SIZE - BITS);
        }
    }

    @Override
    public void point(int index, double[] into) {
        double[] point;
        synchronized (sequence) {
            point = sequence.skipTo(index);
        }
        for (int i = 0; i < into.length; i++) {
            long digits = (long) Math.scalb(point[i], BITS) ^ shifts[i];
            into[i] = Math.scalb(2.0 * digits + 1, -BITS - 1); // the middle of the interval: neither 0 nor 1
        }
    }
}
