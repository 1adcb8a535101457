package org.astropool.internal.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.figure.Drawing;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.result.PointStatus;

/** Chooses what to draw of runs, and checks that it can be drawn. */
public final class Plots {
    /** The widths of one and of two columns of Astronomy and Astrophysics. */
    public static final double ONE_COLUMN_MM = 88;

    public static final double TWO_COLUMNS_MM = 180;

    private static final int FEW = 3;

    private final List<PlotRun> runs;
    private final PlotRequest request;

    private Plots(List<PlotRun> runs, PlotRequest request) {
        this.runs = runs;
        this.request = request;
    }

    /** What is drawn of a run if nothing else is asked for. */
    public static PlotKind kind(PlotRun run, PlotRequest request) {
        if (request.kind().isPresent()) {
            return request.kind().get();
        }
        boolean hasDensity =
                run.spec().hasLikelihood() && (run.isGrid() || run.samples().isPresent());
        if (hasDensity) {
            int count = request.parameters().isEmpty()
                    ? run.varied().size()
                    : request.parameters().size();
            return count == 1 ? PlotKind.MARGINAL : count == 2 ? PlotKind.CONTOUR : PlotKind.CORNER;
        }
        return run.spec().isSizeKnown() ? PlotKind.TIMELINE : PlotKind.TRACE;
    }

    /**
     * Draws.
     *
     * @param runs at least one
     * @throws JobException when the runs do not have what is to be drawn
     */
    public static Plot draw(List<PlotRun> runs, PlotRequest request) throws JobException {
        return new Plots(runs, request).draw();
    }

    private Plot draw() throws JobException {
        PlotRun first = runs.get(0);
        PlotKind kind = kind(first, request);
        for (PlotRun run : runs) {
            if (run.result().evaluated() == 0) {
                throw new JobException(
                        "the run in " + run.directory() + " has no finished point yet; try again when it has some");
            }
        }
        if (runs.size() > 1 && !kind.overlays()) {
            throw new JobException("--kind " + kind.label() + " draws one run, not " + runs.size()
                    + "; contour, corner and marginal can draw several");
        }
        if (kind == PlotKind.TIMELINE) {
            double width = width(ONE_COLUMN_MM);
            Optional<ActivitySnapshot> activity = first.activity();
            return new Plot(
                    kind,
                    activity.isPresent()
                            ? new TimelineFigure(first, activity.get(), width).drawing()
                            : new DurationFigure(first, width).drawing());
        }
        List<String> parameters = parameters(kind);
        checkGivenValues(first);
        try {
            return switch (kind) {
                case TRACE -> new Plot(kind, new TraceFigure(first, parameters, width(TWO_COLUMNS_MM)).drawing());
                case FAILURES -> new Plot(kind, failures(first, parameters));
                default -> densities(kind, parameters);
            };
        } catch (IllegalArgumentException e) {
            throw new JobException("--kind " + kind.label() + " of " + first.directory() + ": " + e.getMessage()
                    + "; there may be too few points so far");
        }
    }

    private Drawing failures(PlotRun run, List<String> parameters) throws JobException {
        if (run.result().count(PointStatus.FAILED) + run.result().count(PointStatus.SKIPPED) == 0) {
            throw new JobException("no point of " + run.directory() + " has failed or was skipped so far");
        }
        return new FailureFigure(run, parameters.get(0), parameters.get(1), width(ONE_COLUMN_MM)).drawing();
    }

    private Plot densities(PlotKind kind, List<String> parameters) throws JobException {
        List<DrawnDensity> densities = new ArrayList<>();
        for (PlotRun run : runs) {
            densities.add(new DrawnDensity(run, run.posterior(kind), densities.size()));
        }
        DensityFigure figure = new DensityFigure(densities, request);
        Drawing drawing = switch (kind) {
            case CONTOUR -> figure.contour(parameters.get(0), parameters.get(1), width(ONE_COLUMN_MM));
            case CORNER -> figure.corner(parameters, width(parameters.size() <= FEW ? ONE_COLUMN_MM : TWO_COLUMNS_MM));
            default -> figure.marginals(parameters, width(parameters.size() == 1 ? ONE_COLUMN_MM : TWO_COLUMNS_MM));
        };
        return new Plot(
                kind,
                drawing,
                densities.stream().flatMap(one -> one.areas().stream()).toList(),
                densities.stream().flatMap(one -> one.marginals().stream()).toList(),
                densities.stream().flatMap(one -> one.doubt().stream()).toList());
    }

    private double width(double usualMm) {
        return request.widthMm().orElse(usualMm) * Drawing.POINTS_PER_MM;
    }

    private List<String> parameters(PlotKind kind) throws JobException {
        List<String> chosen = new ArrayList<>(runs.get(0).chosen(request.parameters()));
        for (PlotRun run : runs) {
            if (request.parameters().isEmpty()) {
                chosen.retainAll(run.varied());
            } else {
                run.chosen(request.parameters());
            }
        }
        int least = kind == PlotKind.CONTOUR || kind == PlotKind.CORNER || kind == PlotKind.FAILURES ? 2 : 1;
        boolean needsTwo = kind == PlotKind.CONTOUR || kind == PlotKind.FAILURES;
        if (chosen.size() < least) {
            throw new JobException(
                    "--kind " + kind.label() + " needs " + (least == 2 ? "two parameters" : "a parameter")
                            + " that vary, " + which() + (chosen.isEmpty() ? "none" : String.join(", ", chosen))
                            + (chosen.size() == 1 && kind.overlays() ? "; use --kind marginal" : ""));
        }
        if (needsTwo && chosen.size() > 2) {
            if (!request.parameters().isEmpty() || kind == PlotKind.CONTOUR) {
                throw new JobException("--kind " + kind.label() + " draws two parameters, but there are "
                        + String.join(", ", chosen) + "; choose two with --params"
                        + (kind == PlotKind.CONTOUR ? ", or use --kind corner" : ""));
            }
            return chosen.subList(0, 2);
        }
        return chosen;
    }

    private String which() {
        if (!request.parameters().isEmpty()) {
            return "--params has ";
        }
        return runs.size() > 1
                ? "the runs have in common "
                : "the run in " + runs.get(0).directory() + " has ";
    }

    private void checkGivenValues(PlotRun run) throws JobException {
        check(run, "--truth", request.truth());
        for (PlotRequest.NamedPoint point : request.points()) {
            check(run, "--point", point.values());
        }
    }

    private static void check(PlotRun run, String option, Map<String, Double> values) throws JobException {
        try {
            for (String name : values.keySet()) {
                run.chosen(List.of(name));
            }
        } catch (JobException e) {
            throw new JobException(option + ": " + String.join("; ", e.problems()));
        }
    }
}
