package org.astropool.internal.model;

import java.util.Arrays;

/**
 * Consecutive points with the number of the first: an input of {@link NumberedPointFunction}. Packed into one array,
 * because arrays of numbers travel without Java's serialization.
 *
 * @param first the number of the first point, at least 0 and below 2^53; the others have the numbers that follow
 * @param points shape points x parameters; not copied
 */
public record NumberedPoints(long first, double[][] points) {
    private static final long MOST = 1L << 53;

    /** @throws IllegalArgumentException when the number is out of range */
    public NumberedPoints {
        if (first < 0 || first >= MOST) {
            throw new IllegalArgumentException("the number " + first + " of a point is not from 0 to 2^53 - 1");
        }
    }

    /** The number, then the points one after another. */
    public double[] packed() {
        int width = points[0].length;
        double[] packed = new double[1 + points.length * width];
        packed[0] = first;
        for (int i = 0; i < points.length; i++) {
            System.arraycopy(points[i], 0, packed, 1 + i * width, width);
        }
        return packed;
    }

    /** What {@link #packed} gave, of points with so many parameters. */
    static NumberedPoints of(double[] packed, int parameters) {
        double[][] points = new double[(packed.length - 1) / parameters][];
        for (int i = 0; i < points.length; i++) {
            points[i] = Arrays.copyOfRange(packed, 1 + i * parameters, 1 + (i + 1) * parameters);
        }
        return new NumberedPoints((long) packed[0], points);
    }
}
