package org.astropool.internal.plot;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.astropool.internal.figure.Axis;
import org.astropool.internal.figure.Drawing;
import org.astropool.internal.figure.Ink;
import org.astropool.internal.figure.Legend;
import org.astropool.internal.figure.Marks;
import org.astropool.internal.figure.Panel;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.result.Timings;

/** How long each point took, in the order of the points, with a colour for each host. */
final class DurationFigure {
    private static final double SIZE = 8;
    private static final double EDGE = 4;
    private static final int MOST_POINTS = 4000;
    private static final int MOST_HOSTS = 7;
    private static final double LEAST_SECONDS = 1e-7;

    private final PlotRun run;
    private final double width;

    DurationFigure(PlotRun run, double width) {
        this.run = run;
        this.width = width;
    }

    Drawing drawing() throws JobException {
        Timings timings = run.result().timings();
        int[] points = IntStream.range(0, run.result().points())
                .filter(timings::isEvaluated)
                .toArray();
        if (points.length == 0) {
            throw new JobException("no evaluation of a point has finished in " + run.directory()
                    + ", so there are no durations to draw");
        }
        Map<String, Integer> hosts = new LinkedHashMap<>();
        double least = Double.POSITIVE_INFINITY;
        double most = LEAST_SECONDS;
        for (int point : points) {
            hosts.putIfAbsent(timings.host(point), hosts.size());
            double seconds = Math.max(LEAST_SECONDS, timings.seconds(point));
            least = Math.min(least, seconds);
            most = Math.max(most, seconds);
        }
        int every = (points.length + MOST_POINTS - 1) / MOST_POINTS;
        Legend legend = new Legend();
        List<String> names = new ArrayList<>(hosts.keySet());
        for (int i = 0; i < Math.min(MOST_HOSTS, names.size()); i++) {
            legend.mark(names.get(i), 0, ink(i));
        }
        if (names.size() > MOST_HOSTS) {
            legend.mark((names.size() - MOST_HOSTS) + " other hosts", 0, ink(MOST_HOSTS));
        }
        String label = every > 1 ? "point (one in " + every + " is drawn)" : "point";
        int last = points[points.length - 1];
        Axis x = Axis.linear(label, points[0] - 0.02 * (last + 1), last + 0.02 * (last + 1));
        Axis y = new Axis("seconds", least / 1.5, most * 1.5, true);
        Drawing measure = new Drawing(width, width, "");
        double height = 0.55 * width;
        double left = EDGE + Panel.left(measure, y, height, SIZE);
        double top = EDGE + legend.height(measure, width - left - EDGE, SIZE) + 3;
        Drawing drawing = new Drawing(
                width,
                top + height + Panel.below(SIZE),
                "Durations of " + points.length + " points of " + run.name() + " on " + hosts.size() + " hosts");
        legend.draw(drawing, left, EDGE, width - left - EDGE, SIZE);
        Panel panel =
                new Panel(drawing, new Rectangle2D.Double(left, top, width - left - 2 * EDGE, height), x, y, SIZE);
        drawing.clip(panel.box());
        for (int i = 0; i < points.length; i += every) {
            int point = points[i];
            double seconds = Math.max(LEAST_SECONDS, timings.seconds(point));
            Marks.draw(
                    drawing, panel.x(point), panel.y(seconds), 0, 0.8, ink(hosts.getOrDefault(timings.host(point), 0)));
        }
        drawing.clip(null);
        panel.frame();
        panel.xLabels();
        panel.yLabels(left - EDGE);
        return drawing;
    }

    private static Ink ink(int host) {
        return host < MOST_HOSTS ? Ink.of(host) : Ink.PALE;
    }
}
