package org.astropool.sampler;

import java.util.Arrays;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskFunction;

/**
 * A log-likelihood as a function of several points, packed in one array with their number ahead. Its result is that of each
 * point, and the seconds that all took. It fails as a whole.
 */
final class PointBlock implements TaskFunction<double[], double[]> {
    private static final long serialVersionUID = 1;

    private final TaskFunction<? super double[], Double> logLikelihood;

    PointBlock(TaskFunction<? super double[], Double> logLikelihood) {
        this.logLikelihood = logLikelihood;
    }

    static double[] pack(double[][] points, int from, int to) {
        int dimensions = points[from].length;
        double[] packed = new double[1 + (to - from) * dimensions];
        packed[0] = to - from;
        for (int i = from; i < to; i++) {
            System.arraycopy(points[i], 0, packed, 1 + (i - from) * dimensions, dimensions);
        }
        return packed;
    }

    @Override
    public double[] apply(double[] packed) throws Exception {
        int count = (int) packed[0];
        int dimensions = (packed.length - 1) / count;
        double[] results = new double[count + 1];
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            results[i] = value(Arrays.copyOfRange(packed, 1 + i * dimensions, 1 + (i + 1) * dimensions));
        }
        results[count] = (System.nanoTime() - begin) / 1e9;
        return results;
    }

    private double value(double[] point) throws Exception {
        try {
            Double value = logLikelihood.apply(point);
            return value == null ? Double.NaN : value;
        } catch (SkippedException e) {
            return Double.NEGATIVE_INFINITY;
        }
    }
}
