package org.astropool.internal.design;

import java.util.random.RandomGenerator;
import org.astropool.task.RandomStreams;

/**
 * A Latin hypercube: a random permutation of the intervals in each dimension, and a random place in the interval.
 *
 * <p>A permutation is computed value by value, as a Feistel cipher on the numbers of the intervals: a table would need
 * memory in every process for each point and dimension. Numbers that the cipher maps outside the range are mapped
 * again, until they fall inside it (Black and Rogaway 2002, doi:10.1007/3-540-45760-7_9). Immutable.
 */
final class LatinHypercube implements DesignPoints.UnitPoints {
    private static final int ROUNDS = 8;

    private final int points;
    private final int halfBits;
    private final long mask;
    private final long key;
    private final long[] dimensionKeys;

    LatinHypercube(int dimensions, int points, long key) {
        this.points = points;
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(points - 1, 1));
        this.halfBits = (bits + 1) / 2;
        this.mask = (1L << halfBits) - 1;
        this.key = key;
        this.dimensionKeys = new long[dimensions];
        for (int i = 0; i < dimensions; i++) {
            dimensionKeys[i] = RandomStreams.key(key, -1L - i);
        }
    }

    @Override
    public void point(int index, double[] into) {
        RandomGenerator random = RandomStreams.stream(key, index);
        for (int i = 0; i < into.length; i++) {
            double value = (interval(dimensionKeys[i], index) + open(random)) / points;
            into[i] = Math.min(value, Math.nextDown(1.0)); // the sum may be rounded up to the number of points
        }
    }

    private static double open(RandomGenerator random) {
        double value = random.nextDouble();
        return value > 0 ? value : Double.MIN_NORMAL;
    }

    private long interval(long dimensionKey, int index) {
        long value = index;
        do {
            long left = value >>> halfBits;
            long right = value & mask;
            for (int round = 0; round < ROUNDS; round++) {
                long next = left ^ (RandomStreams.key(dimensionKey + round, right) & mask);
                left = right;
                right = next;
            }
            value = left << halfBits | right;
        } while (value >= points);
        return value;
    }
}
