package org.astropool.internal.plot;

import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.astropool.internal.figure.Axis;
import org.astropool.internal.figure.Drawing;
import org.astropool.internal.figure.Ink;
import org.astropool.internal.figure.Panel;
import org.astropool.internal.figure.Pen;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.search.Samples;
import org.astropool.sampler.AutocorrelationTime;
import org.astropool.sampler.Chain;

/**
 * The walkers of a chain against its steps, and the autocorrelation time as it would have been estimated after fewer
 * steps. Of a search for a maximum: the likelihood of its points in their order.
 */
final class TraceFigure {
    private static final double SIZE = 7;
    private static final double EDGE = 4;
    private static final double ROW = 52;
    private static final int MOST_WALKERS = 20;
    private static final int MOST_STEPS = 600;
    private static final int LENGTHS = 16;
    private static final int SHORTEST = 20;
    private static final double TIMES_TO_TRUST = 50;

    /** Of two log-likelihoods; smaller ones are drawn as this one. */
    private static final double NO_DIFFERENCE = 1e-6;

    private final PlotRun run;
    private final List<String> parameters;
    private final double width;

    TraceFigure(PlotRun run, List<String> parameters, double width) {
        this.run = run;
        this.parameters = parameters;
        this.width = width;
    }

    Drawing drawing() throws JobException {
        if (run.samples().isPresent()) {
            Samples samples = run.samples().get();
            if (samples.chain().length() < 2) {
                throw new JobException("the chain in " + run.directory() + " has no step so far; try again later");
            }
            return chain(samples);
        }
        if (run.spec().isSizeKnown()) {
            throw new JobException("--kind trace draws a chain or the search for a maximum, but " + run.directory()
                    + " is neither; use --kind timeline");
        }
        return maximum();
    }

    private Drawing chain(Samples samples) {
        Chain chain = samples.chain();
        int steps = chain.length();
        int every = (steps + MOST_STEPS - 1) / MOST_STEPS;
        int walkers = Math.min(MOST_WALKERS, chain.walkers());
        Drawing measure = new Drawing(width, width, "");
        double top = EDGE + 1.5 * SIZE;
        double gap = 4;
        int rows = parameters.size();
        double[][][] all = new double[rows][][];
        Axis[] axes = new Axis[rows];
        double left = 0;
        for (int row = 0; row < rows; row++) {
            double[][] series = chain.series(samples.names().indexOf(parameters.get(row)));
            all[row] = series;
            double least =
                    Arrays.stream(series).flatMapToDouble(Arrays::stream).min().orElse(0);
            double most =
                    Arrays.stream(series).flatMapToDouble(Arrays::stream).max().orElse(1);
            axes[row] = Axis.linear(run.label(parameters.get(row)), least, most > least ? most : least + 1);
            left = Math.max(left, EDGE + Panel.left(measure, axes[row], ROW, SIZE));
        }
        double timesWidth = 0.24 * width;
        double timesLeft = width - 2 * EDGE - timesWidth;
        double tracesWidth = timesLeft - left - 5.5 * SIZE;
        Drawing drawing = new Drawing(
                width,
                top + rows * (ROW + gap) + Panel.below(SIZE),
                "Traces of " + walkers + " walkers and autocorrelation times of " + run.name() + " in "
                        + String.join(", ", parameters));
        drawing.words(
                drawing.text(
                        walkers + " of " + chain.walkers() + " walkers" + (every > 1 ? ", one step in " + every : "")
                                + "; shaded: left out as burn-in",
                        SIZE),
                left,
                EDGE,
                0,
                1,
                0,
                Ink.BLACK);
        drawing.words(
                drawing.text("autocorrelation time; dashed: steps / 50", SIZE),
                width - 2 * EDGE,
                EDGE,
                1,
                1,
                0,
                Ink.BLACK);
        for (int row = 0; row < rows; row++) {
            double y = top + row * (ROW + gap);
            Panel panel = new Panel(
                    drawing,
                    new Rectangle2D.Double(left, y, tracesWidth, ROW),
                    Axis.linear("step", 0, steps - 1.0),
                    axes[row],
                    SIZE);
            traces(drawing, panel, all[row], walkers, every, samples.burn());
            panel.yLabels(left - EDGE);
            Panel times =
                    times(drawing, new Rectangle2D.Double(timesLeft, y, timesWidth, ROW), all[row], samples.burn());
            if (row == rows - 1) {
                panel.xLabels();
                times.xLabels();
            }
        }
        return drawing;
    }

    private static void traces(Drawing drawing, Panel panel, double[][] series, int walkers, int every, int burn) {
        Rectangle2D box = panel.box();
        drawing.clip(box);
        drawing.rectangle(
                new Rectangle2D.Double(box.getX(), box.getY(), panel.x(burn) - box.getX(), box.getHeight()),
                Ink.PALE.with(0.4),
                null);
        int steps = series[0].length;
        double[] x = IntStream.range(0, (steps + every - 1) / every)
                .mapToDouble(i -> i * every)
                .toArray();
        for (int i = 0; i < walkers; i++) {
            double[] walker = series[i * series.length / walkers];
            double[] y = IntStream.range(0, x.length)
                    .mapToDouble(step -> walker[step * every])
                    .toArray();
            drawing.stroke(
                    panel.path(x, y, false), new Pen(Ink.of(i % 2 == 0 ? 0 : 5).with(0.5), 0.25));
        }
        drawing.clip(null);
        panel.frame();
    }

    private static Panel times(Drawing drawing, Rectangle2D box, double[][] series, int burn) {
        int steps = series[0].length;
        int first = Math.min(burn, steps - 1);
        int length = steps - first;
        int from = Math.min(SHORTEST, length);
        double[] x = IntStream.range(0, LENGTHS)
                .mapToDouble(i -> Math.round(from * Math.pow((double) length / from, i / (LENGTHS - 1.0))))
                .distinct()
                .toArray();
        double[] y = Arrays.stream(x)
                .map(n -> AutocorrelationTime.of(Arrays.stream(series)
                        .map(walker -> Arrays.copyOfRange(walker, first, first + (int) n))
                        .toArray(double[][]::new)))
                .map(time -> Double.isFinite(time) ? time : Double.NaN)
                .toArray();
        double least = Arrays.stream(y).filter(time -> time > 0).min().orElse(1);
        double most = Math.max(
                x[x.length - 1] / TIMES_TO_TRUST,
                Arrays.stream(y).filter(time -> time > 0).max().orElse(1));
        Panel panel = new Panel(
                drawing,
                box,
                new Axis("steps after burn-in", x[0] / 1.2, x[x.length - 1] * 1.2, true),
                new Axis("", Math.min(least, most) / 1.5, most * 1.5, true),
                SIZE);
        drawing.clip(box);
        int known = (int) Arrays.stream(y).filter(time -> !Double.isNaN(time)).count();
        double[] knownX = new double[known];
        double[] knownY = new double[known];
        int at = 0;
        for (int i = 0; i < x.length; i++) {
            if (!Double.isNaN(y[i])) {
                knownX[at] = x[i];
                knownY[at++] = y[i];
            }
        }
        drawing.stroke(panel.path(knownX, knownY, false), new Pen(Ink.of(1), 1));
        double[] ends = {x[0], x[x.length - 1]};
        drawing.stroke(
                panel.path(ends, new double[] {ends[0] / TIMES_TO_TRUST, ends[1] / TIMES_TO_TRUST}, false),
                new Pen(Ink.GREY, 0.7, 3, 2));
        drawing.clip(null);
        panel.frame();
        panel.yLabels(4 * SIZE);
        return panel;
    }

    /** How far each point is below the best of all, and the best so far. */
    private Drawing maximum() {
        double[] logs = IntStream.range(0, run.result().points())
                .filter(run.result()::isOk)
                .mapToDouble(run.result()::logLikelihood)
                .filter(Double::isFinite)
                .toArray();
        if (logs.length == 0) {
            throw new IllegalArgumentException("no point has a likelihood above 0");
        }
        double best = Arrays.stream(logs).max().orElse(0);
        double smallest = Math.max(
                NO_DIFFERENCE,
                Arrays.stream(logs)
                        .map(log -> best - log)
                        .filter(deficit -> deficit > 0)
                        .min()
                        .orElse(NO_DIFFERENCE));
        double largest =
                Math.max(10 * smallest, best - Arrays.stream(logs).min().orElse(0));
        double[] x = IntStream.range(0, logs.length).mapToDouble(i -> i).toArray();
        double[] deficits = Arrays.stream(logs)
                .map(log -> Math.max(smallest / 2, best - log))
                .toArray();
        double[] soFar = deficits.clone();
        for (int i = 1; i < soFar.length; i++) {
            soFar[i] = Math.min(soFar[i], soFar[i - 1]);
        }
        Axis xAxis = Axis.linear("evaluation", -1, Math.max(2, logs.length));
        Axis yAxis = new Axis("$\\log L_\\mathrm{best} - \\log L$", smallest / 4, largest * 2, true);
        Drawing measure = new Drawing(width, width, "");
        double height = 0.35 * width;
        double left = EDGE + Panel.left(measure, yAxis, height, SIZE);
        Drawing drawing = new Drawing(
                width,
                EDGE + height + Panel.below(SIZE),
                "The log-likelihood of " + logs.length + " evaluations of " + run.name() + ", and the best so far");
        Panel panel = new Panel(
                drawing, new Rectangle2D.Double(left, EDGE, width - left - 2 * EDGE, height), xAxis, yAxis, SIZE);
        int every = (logs.length + MOST_STEPS - 1) / MOST_STEPS;
        for (int i = 0; i < logs.length; i += every) {
            panel.mark(x[i], deficits[i], 0, 0.9, Ink.of(0));
        }
        drawing.clip(panel.box());
        drawing.stroke(panel.path(x, soFar, false), new Pen(Ink.of(1), 1));
        drawing.clip(null);
        panel.frame();
        panel.xLabels();
        panel.yLabels(left - EDGE);
        return drawing;
    }
}
