package org.astropool.internal.plot;

import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.activity.WorkerActivity;
import org.astropool.internal.figure.Axis;
import org.astropool.internal.figure.Drawing;
import org.astropool.internal.figure.Ink;
import org.astropool.internal.figure.Legend;
import org.astropool.internal.figure.Marks;
import org.astropool.internal.figure.Panel;

/** When each worker was busy, in the newest start of a run: a row for each worker, the darker the more of its slots. */
final class TimelineFigure {
    private static final double SIZE = 8;
    private static final double EDGE = 4;
    private static final double ROW = 9;
    private static final double LEAST_HEIGHT = 60;
    private static final double MOST_HEIGHT = 400;
    private static final double GAP = 0.1;
    private static final double FAINTEST = 0.02;

    private final PlotRun run;
    private final ActivitySnapshot start;
    private final double width;

    TimelineFigure(PlotRun run, ActivitySnapshot start, double width) {
        this.run = run;
        this.start = start;
        this.width = width;
    }

    Drawing drawing() {
        List<WorkerActivity> workers = start.workers();
        Legend legend = new Legend();
        legend.mark("slots busy", 0, Ink.of(0));
        boolean anyLost = workers.stream().anyMatch(worker -> !worker.lost().isEmpty());
        if (anyLost) {
            legend.mark("lost", 1, Ink.of(1));
        }
        Axis x = Axis.linear("seconds since the start", 0, start.wallSeconds());
        Axis y = Axis.linear(workers.size() == 1 ? "worker" : "workers, by rank", 0, workers.size());
        double height = Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, ROW * workers.size()));
        Drawing measure = new Drawing(width, width, "");
        double left = EDGE + 2 * SIZE;
        double top = EDGE + legend.height(measure, width - left - EDGE, SIZE) + 3;
        Drawing drawing = new Drawing(
                width,
                top + height + Panel.below(SIZE),
                String.format(
                        Locale.ROOT,
                        "When the %d workers of %s were busy, in bins of %.3g s",
                        workers.size(),
                        run.name(),
                        start.binSeconds()));
        legend.draw(drawing, left, EDGE, width - left - EDGE, SIZE);
        Panel panel =
                new Panel(drawing, new Rectangle2D.Double(left, top, width - left - 2 * EDGE, height), x, y, SIZE);
        drawing.clip(panel.box());
        for (int row = 0; row < workers.size(); row++) {
            draw(drawing, panel, workers.get(row), row);
        }
        drawing.clip(null);
        panel.frame();
        panel.xLabels();
        panel.yLabel(left - EDGE);
        return drawing;
    }

    private void draw(Drawing drawing, Panel panel, WorkerActivity worker, int row) {
        double gap = start.workers().size() > MOST_HEIGHT / ROW ? 0 : GAP;
        double bottom = start.workers().size() - 1 - row; // the first is at the top
        double upper = panel.y(bottom + 1 - gap);
        double lower = panel.y(bottom + gap);
        float[] busy = worker.timeline();
        for (int bin = 0; bin < busy.length; bin++) {
            if (busy[bin] > FAINTEST) {
                double from = panel.x(bin * start.binSeconds());
                double to = panel.x((bin + 1) * start.binSeconds());
                drawing.rectangle(
                        new Rectangle2D.Double(from, upper, to - from, lower - upper),
                        Ink.of(0).with(busy[bin]),
                        null);
            }
        }
        if (!worker.lost().isEmpty()) {
            Marks.draw(drawing, panel.x(worker.left()), (upper + lower) / 2, 1, 2, Ink.of(1));
        }
    }
}
