package org.astropool.internal.plot;

import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.astropool.internal.contour.ContourLine;
import org.astropool.internal.contour.Density;
import org.astropool.internal.contour.Level;
import org.astropool.internal.contour.Marginal;
import org.astropool.internal.figure.Drawing;
import org.astropool.internal.figure.Ink;
import org.astropool.internal.figure.Panel;
import org.astropool.internal.figure.Pen;
import org.astropool.sampler.Prior;

/** The densities of one run, in its colour. */
final class DrawnDensity {
    /** From the outside to the inside; the fills lie above each other, so that the innermost is the darkest. */
    private static final double[] MASSES = {Level.THREE_SIGMA, Level.TWO_SIGMA, Level.ONE_SIGMA};

    private static final double[] FILLS = {0.16, 0.24, 0.34};
    private static final double LINE = 0.7;
    private static final int PRIOR_POINTS = 200;

    /** Of the height of a marginal, beyond which it is not drawn: a Gaussian at 3.5 sigma. */
    private static final double NOTHING = 2e-3;

    private final PlotRun run;
    private final Posterior posterior;
    private final int number;
    private final Map<String, Marginal> marginals = new LinkedHashMap<>();
    private final Map<List<String>, Contours> contours = new LinkedHashMap<>();

    /** @param levels from the outermost to the innermost */
    private record Contours(Density density, List<Level> levels) {}

    /** @param number from 0, of its colour */
    DrawnDensity(PlotRun run, Posterior posterior, int number) {
        this.run = run;
        this.posterior = posterior;
        this.number = number;
    }

    PlotRun run() {
        return run;
    }

    Ink fill() {
        return Ink.of(number).with(FILLS[0] + FILLS[1]);
    }

    Pen pen() {
        return Pen.of(number, LINE);
    }

    private Marginal marginal(String parameter) {
        return marginals.computeIfAbsent(parameter, posterior::marginal);
    }

    private Contours contours(String xParameter, String yParameter) {
        return contours.computeIfAbsent(List.of(xParameter, yParameter), names -> {
            Density density = posterior.density(names.get(0), names.get(1));
            return new Contours(
                    density, Arrays.stream(MASSES).mapToObj(density::level).toList());
        });
    }

    /** The contours that were drawn, from the innermost to the outermost of each pair of parameters. */
    List<ContourArea> areas() {
        List<ContourArea> areas = new ArrayList<>();
        contours.forEach((names, drawn) -> {
            for (int i = drawn.levels.size() - 1; i >= 0; i--) {
                Level level = drawn.levels.get(i);
                areas.add(new ContourArea(
                        run.name(),
                        names.get(0),
                        names.get(1),
                        level.mass(),
                        level.enclosed(),
                        drawn.density.areaAbove(level.value()),
                        drawn.density.lines(level.value()),
                        drawn.density.rings(level.value())));
            }
        });
        return areas;
    }

    Optional<String> doubt() {
        return posterior.doubt();
    }

    List<DrawnMarginal> marginals() {
        return marginals.entrySet().stream()
                .map(one -> new DrawnMarginal(run.name(), one.getKey(), run.label(one.getKey()), one.getValue()))
                .toList();
    }

    /** Where the contours in two parameters lie: from and to of x, from and to of y. */
    double[] box(String xParameter, String yParameter) {
        Contours drawn = contours(xParameter, yParameter);
        double[] box = {
            Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
        };
        for (ContourLine ring : drawn.density.rings(drawn.levels.get(0).value())) {
            for (int i = 0; i < ring.size(); i++) {
                box[0] = Math.min(box[0], ring.x()[i]);
                box[1] = Math.max(box[1], ring.x()[i]);
                box[2] = Math.min(box[2], ring.y()[i]);
                box[3] = Math.max(box[3], ring.y()[i]);
            }
        }
        return box;
    }

    /** Where the density of a parameter can be seen. */
    double[] range(String parameter) {
        Marginal marginal = marginal(parameter);
        double least = NOTHING * marginal.highest();
        int first = -1;
        int last = -1;
        for (int i = 0; i < marginal.x().length; i++) {
            if (marginal.values()[i] > least) {
                first = first < 0 ? i : first;
                last = i;
            }
        }
        if (first < 0) {
            throw new IllegalArgumentException("the density of " + parameter + " is 0 everywhere");
        }
        int end = marginal.x().length - 1;
        return new double[] {marginal.x()[Math.max(0, first - 1)], marginal.x()[Math.min(end, last + 1)]};
    }

    void contours(Drawing drawing, Panel panel, String xParameter, String yParameter) {
        Contours drawn = contours(xParameter, yParameter);
        drawing.clip(panel.box());
        for (int i = 0; i < FILLS.length; i++) {
            double level = drawn.levels.get(i).value();
            Ink ink = Ink.of(number).with(FILLS[i]);
            List<ContourLine> lines = drawn.density.lines(level);
            List<ContourLine> rings = drawn.density.rings(level);
            boolean isInside = lines.size() == rings.size() && lines.stream().allMatch(ContourLine::closed);
            if (isInside) {
                drawing.fillAndStroke(path(panel, lines), ink, pen());
            } else {
                drawing.fill(path(panel, rings), ink);
                drawing.stroke(path(panel, lines), pen());
            }
        }
        drawing.clip(null);
    }

    private static Path2D path(Panel panel, List<ContourLine> lines) {
        Path2D path = new Path2D.Double();
        lines.forEach(line -> panel.add(path, line.x(), line.y(), line.closed()));
        return path;
    }

    /** With the height 1 at its peak. */
    void marginal(Drawing drawing, Panel panel, String parameter, boolean isFilled) {
        Marginal marginal = marginal(parameter);
        double highest = marginal.highest();
        int points = marginal.x().length;
        double[] x = new double[points + 2];
        double[] y = new double[points + 2];
        for (int i = 0; i < points; i++) {
            double value = marginal.values()[i];
            x[i + 1] = marginal.x()[i];
            y[i + 1] = Double.isNaN(value) ? 0 : value / highest;
        }
        x[0] = x[1];
        x[points + 1] = x[points];
        drawing.clip(panel.box());
        if (isFilled) {
            drawing.fill(panel.path(x, y, true), Ink.of(number).with(FILLS[0]));
        }
        drawing.stroke(panel.path(x, y, false), pen());
        drawing.clip(null);
    }

    /** The prior of the parameter, in the same units; drawn where it is above 0. */
    boolean prior(Drawing drawing, Panel panel, String parameter, double[] range, Pen pen) {
        if (run.prior(parameter).isEmpty()) {
            return false;
        }
        Prior prior = run.prior(parameter).get();
        Marginal marginal = marginal(parameter);
        double unit = marginal.highest() / marginal.mass();
        DoubleUnaryOperator height = value -> Math.exp(prior.logDensity(value)) / unit;
        double from = Math.max(range[0], prior.from());
        double to = Math.min(range[1], prior.to());
        if (!(from < to)) {
            return false;
        }
        double[] x = new double[PRIOR_POINTS + 2];
        double[] y = new double[PRIOR_POINTS + 2];
        for (int i = 0; i < PRIOR_POINTS; i++) {
            x[i + 1] = i == PRIOR_POINTS - 1 ? to : from + (to - from) * i / (PRIOR_POINTS - 1);
            y[i + 1] = height.applyAsDouble(x[i + 1]);
        }
        x[0] = from;
        x[PRIOR_POINTS + 1] = to;
        y[0] = from == prior.from() ? 0 : y[1];
        y[PRIOR_POINTS + 1] = to == prior.to() ? 0 : y[PRIOR_POINTS];
        drawing.clip(panel.box());
        drawing.stroke(panel.path(x, y, false), pen);
        drawing.clip(null);
        return true;
    }
}
