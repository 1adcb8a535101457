package org.astropool.internal.plot;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.astropool.internal.figure.Axis;
import org.astropool.internal.figure.Drawing;
import org.astropool.internal.figure.Ink;
import org.astropool.internal.figure.Legend;
import org.astropool.internal.figure.Marks;
import org.astropool.internal.figure.Panel;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.PointFailure;

/**
 * Where points failed or were skipped, in two parameters, with a colour and a mark for each kind; the others are pale.
 */
final class FailureFigure {
    private static final double SIZE = 8;
    private static final double EDGE = 4;
    private static final int MOST_POINTS = 3000;

    private final PlotRun run;
    private final EvaluationResult result;
    private final String xParameter;
    private final String yParameter;
    private final int xPosition;
    private final int yPosition;
    private final double width;

    FailureFigure(PlotRun run, String xParameter, String yParameter, double width) {
        this.run = run;
        this.result = run.result();
        this.xParameter = xParameter;
        this.yParameter = yParameter;
        List<String> names = run.spec().points().names();
        this.xPosition = names.indexOf(xParameter);
        this.yPosition = names.indexOf(yParameter);
        this.width = width;
    }

    Drawing drawing() {
        Map<String, List<Integer>> kinds = new TreeMap<>();
        for (PointFailure failure : result.failures()) {
            kinds.computeIfAbsent(failure.kind(), kind -> new ArrayList<>()).add((int) failure.index());
        }
        int[] ok = IntStream.range(0, result.points()).filter(result::isOk).toArray();
        double[] xs = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        double[] ys = xs.clone();
        IntStream all = IntStream.concat(
                IntStream.of(ok), kinds.values().stream().flatMap(List::stream).mapToInt(point -> point));
        all.forEach(point -> {
            double[] at = result.coordinates(point);
            widen(xs, at[xPosition]);
            widen(ys, at[yPosition]);
        });
        Axis x = axis(xParameter, xs);
        Axis y = axis(yParameter, ys);
        Legend legend = new Legend();
        int kindNumber = 0;
        for (Map.Entry<String, List<Integer>> kind : kinds.entrySet()) {
            int count = kind.getValue().size();
            legend.mark(kind.getKey() + ": " + count + sampled(count), kindNumber, ink(kindNumber));
            kindNumber++;
        }
        if (ok.length > 0) {
            legend.mark("ok: " + ok.length + sampled(ok.length), 0, Ink.PALE);
        }
        Drawing measure = new Drawing(width, width, "");
        double height = 0.8 * width;
        double left = EDGE + Panel.left(measure, y, height, SIZE);
        double room = width - left - EDGE;
        double top = EDGE + legend.height(measure, room, SIZE) + 3;
        Drawing drawing = new Drawing(
                width,
                top + height + Panel.below(SIZE),
                result.failures().size() + " failed and skipped points of " + run.name() + " in " + xParameter + ", "
                        + yParameter);
        legend.draw(drawing, left, EDGE, room, SIZE);
        Panel panel =
                new Panel(drawing, new Rectangle2D.Double(left, top, width - left - 2 * EDGE, height), x, y, SIZE);
        drawing.clip(panel.box());
        for (int i = 0; i < ok.length; i += every(ok.length)) {
            draw(drawing, panel, ok[i], 0, 0.6, Ink.PALE);
        }
        kindNumber = 0;
        for (List<Integer> failed : kinds.values()) {
            for (int i = 0; i < failed.size(); i += every(failed.size())) {
                draw(drawing, panel, failed.get(i), kindNumber, 1.6, ink(kindNumber));
            }
            kindNumber++;
        }
        drawing.clip(null);
        panel.frame();
        panel.xLabels();
        panel.yLabels(left - EDGE);
        return drawing;
    }

    private void draw(Drawing drawing, Panel panel, int point, int mark, double radius, Ink ink) {
        double[] at = result.coordinates(point);
        Marks.draw(drawing, panel.x(at[xPosition]), panel.y(at[yPosition]), mark, radius, ink);
    }

    private Axis axis(String parameter, double[] range) {
        double margin = range[1] > range[0] ? 0.04 * (range[1] - range[0]) : Math.max(1e-3, Math.abs(range[0]) * 0.01);
        return Axis.linear(run.label(parameter), range[0] - margin, range[1] + margin);
    }

    /** Blue is near grey; failures begin with the second colour. */
    private static Ink ink(int kind) {
        return Ink.of(kind + 1);
    }

    private static int every(int count) {
        return (count + MOST_POINTS - 1) / MOST_POINTS;
    }

    private static String sampled(int count) {
        return every(count) > 1 ? " (one in " + every(count) + " drawn)" : "";
    }

    private static void widen(double[] range, double value) {
        range[0] = Math.min(range[0], value);
        range[1] = Math.max(range[1], value);
    }
}
