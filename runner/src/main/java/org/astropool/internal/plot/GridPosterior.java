package org.astropool.internal.plot;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.astropool.internal.contour.Density;
import org.astropool.internal.contour.LogGrid;
import org.astropool.internal.contour.Marginal;
import org.astropool.task.Axis;
import org.astropool.task.Grid;

/** Of the points of a grid; those that failed, and those that are missing, are left out. */
final class GridPosterior implements Posterior {
    private static final int CELLS = 240;
    private static final int CELLS_OF_LINE = 500;

    /** A Gaussian of two parameters has so much at its peak when its sigma is 0.6 of the distance of the points. */
    private static final double ONE_POINT = 0.4;

    private final Path directory;
    private final double[] logs;
    private final double highest;
    private final List<String> names;
    private final LogGrid grid;

    GridPosterior(PlotRun run, double[] logs) {
        List<Axis> axes = ((Grid) run.spec().points()).axes();
        this.directory = run.directory();
        this.logs = logs;
        this.highest =
                Arrays.stream(logs).filter(log -> !Double.isNaN(log)).max().orElse(0);
        this.names = axes.stream().map(Axis::name).toList();
        this.grid = new LogGrid(axes.stream().map(Axis::values).toArray(double[][]::new), logs);
    }

    @Override
    public Marginal marginal(String parameter) {
        return grid.marginal(names.indexOf(parameter), CELLS_OF_LINE);
    }

    @Override
    public Optional<String> doubt() {
        double total = 0;
        for (double log : logs) {
            total += Double.isNaN(log) ? 0 : Math.exp(log - highest);
        }
        return 1 / total < ONE_POINT
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "one point of the grid in %s has %.0f %% of the probability, so the contours are those of the"
                                + " interpolation; use a finer grid",
                        directory,
                        100 / total));
    }

    @Override
    public Density density(String xParameter, String yParameter) {
        return grid.density(names.indexOf(xParameter), names.indexOf(yParameter), CELLS);
    }
}
