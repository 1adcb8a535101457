package org.astropool.job;

import java.util.Map;
import java.util.TreeMap;
import org.astropool.task.Axis;
import org.astropool.task.Grid;

/** The logarithm of the prior of every point of a grid: a sum over parameters, computed once for each value of an axis. */
final class LogPriors {
    private final Grid grid;
    private final double[][] ofAxes;
    private final double ofFixed;

    LogPriors(GridSpec spec) {
        this.grid = spec.grid();
        this.ofAxes = grid.axes().stream().map(axis -> ofAxis(spec, axis)).toArray(double[][]::new);
        double sum = 0;
        for (Map.Entry<String, Double> parameter : new TreeMap<>(spec.fixed()).entrySet()) {
            sum += spec.prior(parameter.getKey())
                    .map(prior -> prior.logDensity(parameter.getValue()))
                    .orElse(0.0);
        }
        this.ofFixed = sum;
    }

    private static double[] ofAxis(GridSpec spec, Axis axis) {
        double[] values = new double[axis.count()];
        spec.prior(axis.name()).ifPresent(prior -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = prior.logDensity(axis.value(i));
            }
        });
        return values;
    }

    double at(long index) {
        double sum = ofFixed;
        long rest = index;
        for (int a = ofAxes.length - 1; a >= 0; a--) {
            int count = ofAxes[a].length;
            sum += ofAxes[a][(int) (rest % count)];
            rest /= count;
        }
        return sum;
    }
}
