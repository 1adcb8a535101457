package org.astropool.internal.plot;

import java.util.List;
import org.astropool.internal.contour.Density;
import org.astropool.internal.contour.LogGrid;
import org.astropool.internal.contour.Marginal;
import org.astropool.task.Axis;
import org.astropool.task.Grid;

/** Of the points of a grid; those that failed, and those that are missing, are left out. */
final class GridPosterior implements Posterior {
    private static final int CELLS = 240;
    private static final int CELLS_OF_LINE = 500;

    private final List<String> names;
    private final LogGrid grid;

    GridPosterior(PlotRun run, double[] logs) {
        List<Axis> axes = ((Grid) run.spec().points()).axes();
        this.names = axes.stream().map(Axis::name).toList();
        this.grid = new LogGrid(axes.stream().map(Axis::values).toArray(double[][]::new), logs);
    }

    @Override
    public Marginal marginal(String parameter) {
        return grid.marginal(names.indexOf(parameter), CELLS_OF_LINE);
    }

    @Override
    public Density density(String xParameter, String yParameter) {
        return grid.density(names.indexOf(xParameter), names.indexOf(yParameter), CELLS);
    }
}
