package org.astropool.internal.model;

import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import org.astropool.task.Points;

/** Points as a model takes them: one value a parameter, in its order. Immutable. */
final class ModelPoints {
    private final Points points;
    private final double[] fixedPoint;
    private final int[] parameterOfName;

    /**
     * @param names of the parameters, in order
     * @param fixed values of the parameters that the points do not have
     */
    ModelPoints(Points points, List<String> names, Map<String, Double> fixed) {
        this.points = points;
        this.fixedPoint = names.stream()
                .mapToDouble(name -> fixed.getOrDefault(name, Double.NaN))
                .toArray();
        this.parameterOfName = points.names().stream().mapToInt(names::indexOf).toArray();
    }

    /** The same as {@link #at}, each made whenever it is asked for. */
    List<double[]> views(List<Long> indices) {
        return new AbstractList<>() {
            @Override
            public double[] get(int i) {
                return at(List.of(indices.get(i)))[0];
            }

            @Override
            public int size() {
                return indices.size();
            }
        };
    }

    double[][] at(List<Long> indices) {
        double[][] found = new double[indices.size()][];
        double[] coordinates = new double[parameterOfName.length];
        for (int i = 0; i < found.length; i++) {
            double[] point = fixedPoint.clone();
            points.point(indices.get(i), coordinates);
            for (int n = 0; n < coordinates.length; n++) {
                point[parameterOfName[n]] = coordinates[n];
            }
            found[i] = point;
        }
        return found;
    }
}
