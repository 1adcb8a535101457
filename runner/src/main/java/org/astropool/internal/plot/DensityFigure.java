package org.astropool.internal.plot;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.astropool.internal.figure.Axis;
import org.astropool.internal.figure.Drawing;
import org.astropool.internal.figure.Ink;
import org.astropool.internal.figure.Legend;
import org.astropool.internal.figure.Panel;
import org.astropool.internal.figure.Pen;
import org.astropool.internal.plot.PlotRequest.NamedPoint;

/** Contours and marginals of runs, over each other. */
final class DensityFigure {
    private static final double SIZE = 8;
    private static final double SMALLEST = 5;
    private static final double EDGE = 4;
    private static final double GAP = 3;
    private static final double MARGIN = 0.04;
    private static final double HEIGHT_OF_PEAK = 1.12;
    private static final Pen TRUTH = new Pen(Ink.BLACK, 0.6, 3, 2);
    private static final Pen PRIOR = new Pen(Ink.GREY, 0.7, 1.2, 1.2);

    private final List<DrawnDensity> densities;
    private final PlotRequest request;

    DensityFigure(List<DrawnDensity> densities, PlotRequest request) {
        this.densities = densities;
        this.request = request;
    }

    Drawing contour(String xParameter, String yParameter, double width) {
        Map<String, double[]> ranges = ranges(List.of(xParameter, yParameter), true);
        Axis x = axis(xParameter, ranges);
        Axis y = axis(yParameter, ranges);
        Legend legend = legend(List.of(xParameter, yParameter), false);
        Drawing measure = new Drawing(width, width, "");
        double top = EDGE + legend.height(measure, width - 2 * EDGE, SIZE) + (legend.isEmpty() ? 0 : GAP);
        double height = 0.8 * width;
        double left = EDGE + Panel.left(measure, y, height, SIZE);
        Drawing drawing = new Drawing(
                width,
                top + height + Panel.below(SIZE),
                description("Contours of 68.3, 95.4 and 99.7 % of the probability", List.of(xParameter, yParameter)));
        legend.draw(drawing, left, EDGE, width - left - EDGE, SIZE);
        Panel panel =
                new Panel(drawing, new Rectangle2D.Double(left, top, width - left - 2 * EDGE, height), x, y, SIZE);
        contours(drawing, panel, xParameter, yParameter, 2.6);
        panel.xLabels();
        panel.yLabels(left - EDGE);
        return drawing;
    }

    private void contours(Drawing drawing, Panel panel, String xParameter, String yParameter, double markSize) {
        densities.forEach(density -> density.contours(drawing, panel, xParameter, yParameter));
        Rectangle2D box = panel.box();
        Double x = request.truth().get(xParameter);
        Double y = request.truth().get(yParameter);
        if (x != null) {
            drawing.line(panel.x(x), box.getMinY(), panel.x(x), box.getMaxY(), TRUTH);
        }
        if (y != null) {
            drawing.line(box.getMinX(), panel.y(y), box.getMaxX(), panel.y(y), TRUTH);
        }
        for (int i = 0; i < request.points().size(); i++) {
            Double px = request.points().get(i).values().get(xParameter);
            Double py = request.points().get(i).values().get(yParameter);
            if (px != null && py != null) {
                panel.mark(px, py, i + 1, markSize, pointInk(i));
            }
        }
        panel.frame();
    }

    /** Other colours than those of the runs. */
    private Ink pointInk(int number) {
        return number == 0 ? Ink.BLACK : Ink.of(densities.size() + number - 1);
    }

    Drawing corner(List<String> parameters, double width) {
        int count = parameters.size();
        Map<String, double[]> ranges = ranges(parameters, true);
        List<Axis> axes = parameters.stream().map(one -> axis(one, ranges)).toList();
        double size = Math.max(SMALLEST, Math.min(SIZE, width / count / 7));
        Drawing measure = new Drawing(width, width, "");
        double guess = width / (count + 0.7);
        double left = EDGE
                + axes.subList(1, count).stream()
                        .mapToDouble(axis -> Panel.left(measure, axis, guess, size))
                        .max()
                        .orElse(0);
        double step = (width - left - EDGE + GAP) / count;
        double side = step - GAP;
        Rectangle2D square = new Rectangle2D.Double(0, 0, side, side);
        boolean isUpright =
                !axes.stream().allMatch(axis -> new Panel(measure, square, axis, axis, size).hasRoomBelow());
        double numbersBelow = axes.stream()
                .mapToDouble(axis -> new Panel(measure, square, axis, axis, size, isUpright).numbersBelow())
                .max()
                .orElse(size);
        Legend legend = legend(parameters, true);
        double legendSize = Math.max(size, 6.5);
        // Beside the first marginal there is room for a legend as high as that; else it is above all.
        boolean isBeside = legend.widest(measure, legendSize) <= width - left - step - EDGE
                && legend.height(measure, width - left - step - EDGE, legendSize) <= side;
        double legendLeft = isBeside ? left + step : left;
        double legendWidth = width - legendLeft - EDGE;
        double top = EDGE + (isBeside ? 0 : legend.height(measure, legendWidth, legendSize) + GAP);
        Drawing drawing = new Drawing(
                width,
                top + count * step - GAP + Panel.below(size) + numbersBelow - size,
                description(
                        "Marginal densities, and contours of 68.3, 95.4 and 99.7 % of the probability", parameters));
        for (int row = 0; row < count; row++) {
            for (int column = 0; column <= row; column++) {
                Rectangle2D box = new Rectangle2D.Double(left + column * step, top + row * step, side, side);
                Panel panel;
                if (row == column) {
                    panel = marginal(drawing, box, parameters.get(row), axes.get(row), size, isUpright);
                } else {
                    panel = new Panel(drawing, box, axes.get(column), axes.get(row), size, isUpright);
                    contours(drawing, panel, parameters.get(column), parameters.get(row), count > 4 ? 1.6 : 2.2);
                }
                if (row == count - 1) {
                    panel.xLabels(numbersBelow);
                }
                if (column == 0 && row > 0) {
                    panel.yLabels(left - EDGE);
                }
            }
        }
        legend.draw(drawing, legendLeft, EDGE, legendWidth, legendSize);
        return drawing;
    }

    private Panel marginal(
            Drawing drawing, Rectangle2D box, String parameter, Axis axis, double size, boolean isUpright) {
        Panel panel = new Panel(drawing, box, axis, Axis.linear("", 0, HEIGHT_OF_PEAK), size, isUpright);
        double[] range = {axis.from(), axis.to()};
        densities.get(0).prior(drawing, panel, parameter, range, PRIOR);
        densities.forEach(density -> density.marginal(drawing, panel, parameter, densities.size() == 1));
        Double truth = request.truth().get(parameter);
        if (truth != null) {
            drawing.line(panel.x(truth), box.getMinY(), panel.x(truth), box.getMaxY(), TRUTH);
        }
        for (int i = 0; i < request.points().size(); i++) {
            Double point = request.points().get(i).values().get(parameter);
            if (point != null) {
                panel.mark(point, 0.05, i + 1, 1.8, pointInk(i));
            }
        }
        panel.frameWithoutHeights();
        return panel;
    }

    Drawing marginals(List<String> parameters, double width) {
        Map<String, double[]> ranges = ranges(parameters, false);
        int columns = Math.min(parameters.size(), Math.max(1, (int) (width / 120)));
        int rows = (parameters.size() + columns - 1) / columns;
        double step = (width - 2 * EDGE + 3 * GAP) / columns;
        double side = step - 3 * GAP;
        double height = (columns == 1 ? 0.6 : 0.75) * side;
        Legend legend = legend(parameters, true);
        double size = Math.min(SIZE, side / 12);
        Drawing measure = new Drawing(width, width, "");
        double top = EDGE + legend.height(measure, width - 2 * EDGE, SIZE) + (legend.isEmpty() ? 0 : GAP);
        double rowStep = height + Panel.below(size) + GAP;
        Drawing drawing = new Drawing(width, top + rows * rowStep, description("Marginal densities", parameters));
        legend.draw(drawing, EDGE, EDGE, width - 2 * EDGE, SIZE);
        for (int i = 0; i < parameters.size(); i++) {
            int row = i / columns;
            int column = i % columns;
            Rectangle2D box = new Rectangle2D.Double(EDGE + column * step, top + row * rowStep, side, height);
            marginal(drawing, box, parameters.get(i), axis(parameters.get(i), ranges), size, false)
                    .xLabels();
        }
        return drawing;
    }

    /** Where any of the runs can be seen, with what was given on the command line. */
    private Map<String, double[]> ranges(List<String> parameters, boolean withContours) {
        Map<String, double[]> ranges = new HashMap<>();
        for (String parameter : parameters) {
            double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
            ranges.put(parameter, range);
            densities.forEach(density -> widen(range, density.range(parameter)));
            List<Map<String, Double>> given = new ArrayList<>(List.of(request.truth()));
            request.points().forEach(point -> given.add(point.values()));
            for (Map<String, Double> values : given) {
                Double value = values.get(parameter);
                if (value != null) {
                    widen(range, value);
                }
            }
            for (int before = 0; withContours && !parameters.get(before).equals(parameter); before++) {
                double[] other = Objects.requireNonNull(ranges.get(parameters.get(before)));
                for (DrawnDensity density : densities) {
                    double[] box = density.box(parameters.get(before), parameter);
                    widen(other, box[0], box[1]);
                    widen(range, box[2], box[3]);
                }
            }
        }
        return ranges;
    }

    private static void widen(double[] range, double... values) {
        for (double value : values) {
            range[0] = Math.min(range[0], value);
            range[1] = Math.max(range[1], value);
        }
    }

    private Axis axis(String parameter, Map<String, double[]> ranges) {
        double[] range = Objects.requireNonNull(ranges.get(parameter));
        double margin = MARGIN * (range[1] - range[0]);
        return Axis.linear(label(parameter), range[0] - margin, range[1] + margin);
    }

    /** Of the first run whose job has one. */
    private String label(String parameter) {
        return densities.stream()
                .map(DrawnDensity::run)
                .filter(run -> run.hasLabel(parameter))
                .findFirst()
                .orElse(densities.get(0).run())
                .label(parameter);
    }

    private Legend legend(List<String> parameters, boolean hasMarginals) {
        Legend legend = new Legend();
        if (densities.size() > 1) {
            densities.forEach(density -> legend.area(density.run().name(), density.fill(), density.pen()));
        }
        if (hasMarginals
                && parameters.stream()
                        .anyMatch(one -> densities.get(0).run().prior(one).isPresent())) {
            legend.line("prior", PRIOR);
        }
        if (parameters.stream().anyMatch(request.truth()::containsKey)) {
            legend.line("true", TRUTH);
        }
        for (int i = 0; i < request.points().size(); i++) {
            NamedPoint point = request.points().get(i);
            if (parameters.stream().anyMatch(point.values()::containsKey)) {
                legend.mark(point.label(), i + 1, pointInk(i));
            }
        }
        return legend;
    }

    private String description(String what, List<String> parameters) {
        return what + " in " + String.join(", ", parameters) + ": "
                + densities.stream().map(density -> density.run().name()).collect(Collectors.joining(", "));
    }
}
