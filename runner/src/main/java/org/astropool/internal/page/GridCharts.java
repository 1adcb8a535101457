package org.astropool.internal.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.astropool.internal.contour.LogGrid;
import org.astropool.internal.contour.Marginal;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.task.Axis;
import org.astropool.task.Grid;
import org.astropool.task.Output;

/**
 * The log-likelihood of a grid, as it is so far: for each axis its profile and its marginal posterior, for each pair of
 * axes the profile and the contours of the marginal posterior.
 */
final class GridCharts {
    private static final int MOST_PAIRS = 15;
    private static final int FEWEST_PAIRS = 1;
    /** Points times pairs of axes, so that a report does not take longer and longer. */
    private static final long MOST_SUMS = 5_000_000;

    private static final int MOST_CELLS = 160;
    private static final int MOST_CELLS_OF_MANY_PAIRS = 64;
    /** Between the nodes of the grid the posterior is interpolated, to have at least so many cells on each axis. */
    private static final int CONTOUR_CELLS = 120;
    /** The state of a cell that has no likelihood. */
    private static final double NOT_YET = Double.NaN;

    private final EvaluationResult result;
    private final List<Axis> axes;
    private final int[] shape;
    private final LogGrid posterior;
    /** Positions on each axis by ascending value: the values of a job file may be in any order. */
    private final int[][] places;

    private final double highest;

    GridCharts(EvaluationResult result, Grid grid) {
        this.result = result;
        this.axes = grid.axes();
        this.shape = grid.shape();
        this.posterior = new LogGrid(
                axes.stream().map(Axis::values).toArray(double[][]::new),
                result.numbers(result.spec().hasPriors() ? EvaluationSpec.LOG_POSTERIOR : Output.LOG_LIKELIHOOD));
        this.places = axes.stream().map(GridCharts::places).toArray(int[][]::new);
        this.highest = IntStream.range(0, result.points())
                .filter(result::isOk)
                .mapToDouble(result::logLikelihood)
                .max()
                .orElse(Double.NaN);
    }

    /** For each position on an axis its place in ascending order. */
    private static int[] places(Axis axis) {
        double[] values = axis.values();
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] places = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            places[order[i]] = i;
        }
        return places;
    }

    Map<String, Object> json() {
        List<int[]> pairs = new ArrayList<>();
        for (int x = 0; x < shape.length; x++) {
            for (int y = x + 1; y < shape.length; y++) {
                if (shape[x] > 1 && shape[y] > 1) {
                    pairs.add(new int[] {x, y});
                }
            }
        }
        int most = (int) Math.max(FEWEST_PAIRS, Math.min(MOST_PAIRS, MOST_SUMS / result.points()));
        List<int[]> shown = pairs.subList(0, Math.min(pairs.size(), most));
        double[][] profiles = new double[shape.length][];
        for (int a = 0; a < shape.length; a++) {
            profiles[a] = new double[shape[a]];
            Arrays.fill(profiles[a], NOT_YET);
        }
        double[][] profileOfPair = new double[shown.size()][];
        for (int k = 0; k < shown.size(); k++) {
            int cells = shape[shown.get(k)[0]] * shape[shown.get(k)[1]];
            profileOfPair[k] = new double[cells];
            Arrays.fill(profileOfPair[k], NOT_YET);
        }
        int[] at = new int[shape.length];
        for (int point = 0; point < result.points(); point++) {
            if (result.status(point) == PointStatus.OK) {
                place(point, at);
                double deficit = result.logLikelihood(point) - highest;
                for (int a = 0; a < shape.length; a++) {
                    profiles[a][at[a]] = higher(profiles[a][at[a]], deficit);
                }
                for (int k = 0; k < shown.size(); k++) {
                    int cell = at[shown.get(k)[0]] * shape[shown.get(k)[1]] + at[shown.get(k)[1]];
                    profileOfPair[k][cell] = higher(profileOfPair[k][cell], deficit);
                }
            }
        }
        List<Object> charts = new ArrayList<>();
        int mostCells = shown.size() > 3 ? MOST_CELLS_OF_MANY_PAIRS : MOST_CELLS;
        for (int k = 0; k < shown.size(); k++) {
            charts.add(pair(shown.get(k), profileOfPair[k], mostCells));
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("axes", axisFields(profiles));
        fields.put("highest", highest);
        fields.put("pairs", charts);
        fields.put("pairs_left_out", pairs.size() - shown.size());
        return fields;
    }

    private void place(int point, int[] at) {
        int rest = point;
        for (int a = shape.length - 1; a >= 0; a--) {
            at[a] = places[a][rest % shape[a]];
            rest /= shape[a];
        }
    }

    private static double higher(double one, double other) {
        return Double.isNaN(one) || other > one ? other : one;
    }

    private List<Object> axisFields(double[][] profiles) {
        List<Object> all = new ArrayList<>();
        for (int a = 0; a < shape.length; a++) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", axes.get(a).name());
            fields.put("log", axes.get(a).spacing() == Axis.Spacing.LOG);
            fields.put("values", sorted(axes.get(a)));
            fields.put("profile", finite(profiles[a]));
            fields.put("marginal", marginal(a));
            all.add(fields);
        }
        return all;
    }

    /** The density at each value, its integral is 1; without a result yet: empty. */
    private double[] marginal(int axis) {
        if (shape[axis] < 2) {
            return new double[] {1};
        }
        Marginal marginal = posterior.marginal(axis, 1);
        double mass = marginal.mass();
        return Arrays.stream(marginal.values())
                .map(value -> mass > 0 ? value / mass : Double.NaN)
                .toArray();
    }

    private static double[] sorted(Axis axis) {
        return Arrays.stream(axis.values()).sorted().toArray();
    }

    /** A likelihood of zero is below every scale, which is not the same as a cell without a result. */
    private static double[] finite(double[] deficits) {
        return Arrays.stream(deficits)
                .map(deficit -> deficit == Double.NEGATIVE_INFINITY ? -1e30 : deficit)
                .toArray();
    }

    private Map<String, Object> pair(int[] pair, double[] profile, int most) {
        int columns = shape[pair[0]];
        int rows = shape[pair[1]];
        int stepX = (columns + most - 1) / most;
        int stepY = (rows + most - 1) / most;
        int shownX = (columns + stepX - 1) / stepX;
        int shownY = (rows + stepY - 1) / stepY;
        double[] cells = new double[shownX * shownY];
        Arrays.fill(cells, NOT_YET);
        for (int x = 0; x < columns; x++) {
            for (int y = 0; y < rows; y++) {
                int cell = x / stepX * shownY + y / stepY;
                cells[cell] = higher(cells[cell], profile[x * rows + y]);
            }
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("x", pair[0]);
        fields.put("y", pair[1]);
        fields.put("step_x", stepX);
        fields.put("step_y", stepY);
        fields.put("rows", shownY);
        fields.put("cells", finite(rounded(cells)));
        fields.put("contours", MassContours.of(posterior.density(pair[0], pair[1], CONTOUR_CELLS)));
        return fields;
    }

    /** Three decimals are enough for colours, and make the page small. */
    private static double[] rounded(double[] values) {
        return Arrays.stream(values).map(value -> Math.rint(value * 1e3) / 1e3).toArray();
    }
}
