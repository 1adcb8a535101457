package org.astropool.maximizer;

import java.util.Arrays;
import java.util.Optional;
import org.astropool.maximizer.MaximizerOptions.Target;
import org.astropool.sampler.Evaluations;
import org.astropool.sampler.JointPrior;
import org.astropool.sampler.PointEvaluator;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.CholeskyDecomposition;

/**
 * The covariance of the normal distribution that has the curvature of a density at its maximum: the inverse of the
 * matrix of negative second derivatives, from central differences. Steps are such that a step along one axis lowers the
 * logarithm by 0.01, about 0.14 of the standard deviation with the others fixed.
 */
final class Curvature {
    private static final double WANTED_DROP = 0.01;
    private static final int MAX_ROUNDS = 12;
    private static final double FIRST_STEP = 1e-3;
    private static final double LARGEST_GROWTH = 30;

    private final JointPrior prior;
    private final PointEvaluator evaluator;
    private final Target target;
    private final double[] center;
    private final double top;
    private long nextNumber;

    /** @param firstNumber the number of the first evaluation */
    Curvature(JointPrior prior, PointEvaluator evaluator, Target target, LocalMaximum best, long firstNumber) {
        this.prior = prior;
        this.evaluator = evaluator;
        this.target = target;
        this.center = best.point();
        this.top = best.value();
        this.nextNumber = firstNumber;
    }

    /** Empty when the point is not a maximum inside the prior, or a point near it has no value. */
    Optional<double[][]> covariance() {
        return steps().flatMap(this::covariance);
    }

    private Optional<double[]> steps() {
        int dimensions = center.length;
        UnitCube cube = new UnitCube(prior);
        double[] steps = new double[dimensions];
        Arrays.setAll(steps, i -> FIRST_STEP * cube.range(i));
        for (int round = 0; round < MAX_ROUNDS; round++) {
            double[][] points = new double[2 * dimensions][];
            for (int i = 0; i < dimensions; i++) {
                points[2 * i] = moved(i, steps[i], i, 0);
                points[2 * i + 1] = moved(i, -steps[i], i, 0);
            }
            double[] values = values(points);
            boolean good = true;
            for (int i = 0; i < dimensions; i++) {
                double drop = top - (values[2 * i] + values[2 * i + 1]) / 2;
                double factor = factor(drop);
                good &= factor > 0.5 && factor < 2;
                steps[i] *= factor;
            }
            if (good) {
                return Optional.of(steps);
            }
        }
        return Optional.empty();
    }

    private static double factor(double drop) {
        if (Double.isNaN(drop)) {
            return 1 / LARGEST_GROWTH; // outside the prior, or where evaluations fail
        }
        double factor = Math.sqrt(WANTED_DROP / Math.max(drop, Double.MIN_NORMAL));
        return Math.min(Math.max(factor, 1 / LARGEST_GROWTH), LARGEST_GROWTH);
    }

    private Optional<double[][]> covariance(double[] steps) {
        int dimensions = center.length;
        double[][] points = new double[2 * dimensions * dimensions][];
        int count = 0;
        for (int i = 0; i < dimensions; i++) {
            points[count++] = moved(i, steps[i], i, 0);
            points[count++] = moved(i, -steps[i], i, 0);
            for (int j = 0; j < i; j++) {
                points[count++] = moved(i, steps[i], j, steps[j]);
                points[count++] = moved(i, -steps[i], j, -steps[j]);
                points[count++] = moved(i, steps[i], j, -steps[j]);
                points[count++] = moved(i, -steps[i], j, steps[j]);
            }
        }
        double[] values = values(points);
        double[][] precision = new double[dimensions][dimensions]; // in units of the steps
        count = 0;
        for (int i = 0; i < dimensions; i++) {
            precision[i][i] = 2 * top - values[count++] - values[count++];
            for (int j = 0; j < i; j++) {
                precision[i][j] = -(values[count++] + values[count++] - values[count++] - values[count++]) / 4;
                precision[j][i] = precision[i][j];
            }
        }
        try {
            double[][] covariance = new CholeskyDecomposition(new Array2DRowRealMatrix(precision))
                    .getSolver()
                    .getInverse()
                    .getData();
            for (int i = 0; i < dimensions; i++) {
                for (int j = 0; j < dimensions; j++) {
                    covariance[i][j] *= steps[i] * steps[j];
                }
            }
            return Optional.of(covariance);
        } catch (MathIllegalArgumentException e) {
            return Optional.empty(); // not positive definite
        }
    }

    private double[] moved(int i, double by, int j, double andBy) {
        double[] point = center.clone();
        point[i] += by;
        point[j] += andBy;
        return point;
    }

    /** The values; NaN for points outside the prior, which are not evaluated. */
    private double[] values(double[][] points) {
        double[] values = new double[points.length];
        Arrays.fill(values, Double.NaN);
        Evaluations inside = new Evaluations(points.length);
        for (int i = 0; i < points.length; i++) {
            double logPrior = prior.logDensity(points[i]);
            if (logPrior > Double.NEGATIVE_INFINITY) {
                inside.add(i, nextNumber++, points[i]);
            }
        }
        double[] logLikelihoods = inside.run(evaluator);
        for (int k = 0; k < logLikelihoods.length; k++) {
            values[inside.walker(k)] =
                    logLikelihoods[k] + (target == Target.LOG_POSTERIOR ? prior.logDensity(inside.point(k)) : 0);
        }
        return values;
    }
}
