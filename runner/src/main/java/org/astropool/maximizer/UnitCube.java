package org.astropool.maximizer;

import org.astropool.sampler.JointPrior;
import org.astropool.sampler.Prior;

/**
 * Maps the ranges of the priors to 0 to 1 for each parameter, so that all parameters have the same scale for
 * optimizers: linearly, or in the logarithm for log-flat priors.
 */
final class UnitCube {
    /** The distance of an infinite end from the mean, in standard deviations of the normal prior. */
    private static final double INFINITE = 30;

    private final JointPrior prior;

    UnitCube(JointPrior prior) {
        this.prior = prior;
    }

    double[] toPoint(double[] unit) {
        double[] point = new double[unit.length];
        for (int i = 0; i < unit.length; i++) {
            Prior one = prior.prior(i);
            double low = low(one);
            double high = high(one);
            double value = one instanceof Prior.LogFlat
                    ? low * Math.exp(unit[i] * Math.log(high / low))
                    : low * (1 - unit[i]) + high * unit[i];
            point[i] = Math.min(Math.max(value, low), high);
        }
        return point;
    }

    double[] toUnit(double[] point) {
        double[] unit = new double[point.length];
        for (int i = 0; i < point.length; i++) {
            Prior one = prior.prior(i);
            double low = low(one);
            double high = high(one);
            double value = one instanceof Prior.LogFlat
                    ? Math.log(point[i] / low) / Math.log(high / low)
                    : (point[i] - low) / (high - low);
            unit[i] = Math.min(Math.max(value, 0), 1);
        }
        return unit;
    }

    /** The width of the range of one parameter. */
    double range(int parameter) {
        return high(prior.prior(parameter)) - low(prior.prior(parameter));
    }

    private static double low(Prior prior) {
        return prior instanceof Prior.Normal normal && Double.isInfinite(normal.from())
                ? Math.min(normal.mean(), normal.to()) - INFINITE * normal.std()
                : prior.from();
    }

    private static double high(Prior prior) {
        return prior instanceof Prior.Normal normal && Double.isInfinite(normal.to())
                ? Math.max(normal.mean(), normal.from()) + INFINITE * normal.std()
                : prior.to();
    }
}
