package org.astropool.sampler;

import java.util.Arrays;

/** Points that are evaluated together, each for one walker. */
public final class Evaluations {
    private final int[] walkers;
    private final long[] numbers;
    private final double[][] points;
    private int count;

    public Evaluations(int capacity) {
        walkers = new int[capacity];
        numbers = new long[capacity];
        points = new double[capacity][];
    }

    public void add(int walker, long number, double[] point) {
        walkers[count] = walker;
        numbers[count] = number;
        points[count] = point;
        count++;
    }

    int count() {
        return count;
    }

    public int walker(int index) {
        return walkers[index];
    }

    long number(int index) {
        return numbers[index];
    }

    public double[] point(int index) {
        return points[index];
    }

    /** The log-likelihood of each point, never +infinity. */
    public double[] run(PointEvaluator evaluator) {
        return count == 0
                ? new double[0]
                : checked(evaluator, Arrays.copyOf(numbers, count), Arrays.copyOf(points, count));
    }

    /** The values of an evaluator; +infinity counts as failed, since no other point could replace it. */
    public static double[] checked(PointEvaluator evaluator, long[] numbers, double[][] points) {
        double[] values = evaluator.logLikelihoods(numbers, points);
        if (values.length != points.length) {
            throw new IllegalStateException("the evaluator returned " + values.length + " log-likelihoods for "
                    + points.length + " points; it must return one for each");
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] == Double.POSITIVE_INFINITY) {
                values[i] = Double.NaN;
            }
        }
        return values;
    }
}
