package org.astropool.task;

import java.util.List;
import java.util.Map;

/** The points of a grid as a model takes them: one value a parameter, in its order. Immutable. */
final class GridPoints {
    private final Grid grid;
    private final double[] fixedPoint;
    private final int[] parameterOfAxis;

    /**
     * @param names of the parameters, in order
     * @param fixed values of those that are on no axis
     */
    GridPoints(Grid grid, List<String> names, Map<String, Double> fixed) {
        this.grid = grid;
        this.fixedPoint = names.stream()
                .mapToDouble(name -> fixed.getOrDefault(name, Double.NaN))
                .toArray();
        this.parameterOfAxis = grid.axes().stream()
                .mapToInt(axis -> names.indexOf(axis.name()))
                .toArray();
    }

    double[][] at(List<Long> indices) {
        double[][] points = new double[indices.size()][];
        double[] coordinates = new double[parameterOfAxis.length];
        for (int i = 0; i < points.length; i++) {
            double[] point = fixedPoint.clone();
            grid.point(indices.get(i), coordinates);
            for (int axis = 0; axis < coordinates.length; axis++) {
                point[parameterOfAxis[axis]] = coordinates[axis];
            }
            points[i] = point;
        }
        return points;
    }
}
