package org.astropool.internal.plot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.run.RunPoints;
import org.astropool.internal.job.search.Samples;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.internal.model.Models;
import org.astropool.sampler.Prior;
import org.astropool.task.Axis;
import org.astropool.task.Grid;

/**
 * A run that is drawn.
 *
 * @param content its points
 * @param name for the legend
 */
public record PlotRun(RunPoints content, String name) {

    /**
     * Runs with their names: those that are given, else those of their jobs, else, if two have the same job, those of
     * their directories.
     *
     * @param names one for each, or none
     */
    public static List<PlotRun> named(List<RunPoints> contents, List<String> names) {
        boolean haveOwnNames = contents.stream()
                        .map(content -> content.result().spec().name())
                        .distinct()
                        .count()
                == contents.size();
        List<PlotRun> runs = new ArrayList<>();
        for (RunPoints content : contents) {
            String name = haveOwnNames
                    ? content.result().spec().name()
                    : String.valueOf(
                            content.directory().toAbsolutePath().normalize().getFileName());
            runs.add(new PlotRun(content, names.isEmpty() ? name : names.get(runs.size())));
        }
        return runs;
    }

    EvaluationResult result() {
        return content.result();
    }

    EvaluationSpec spec() {
        return content.result().spec();
    }

    /** What the workers did in the newest start; empty when it was not recorded. */
    Optional<ActivitySnapshot> activity() {
        List<ActivitySnapshot> starts = content.activity();
        return starts.isEmpty() || starts.get(starts.size() - 1).workers().isEmpty()
                ? Optional.empty()
                : Optional.of(starts.get(starts.size() - 1));
    }

    Path directory() {
        return content.directory();
    }

    Optional<Samples> samples() {
        return content.searchResult().flatMap(SearchResult::samples);
    }

    boolean isGrid() {
        return spec().points() instanceof Grid;
    }

    /** The parameters that have more than one value, in order. */
    List<String> varied() {
        return spec().points() instanceof Grid grid
                ? grid.axes().stream()
                        .filter(axis -> axis.count() > 1)
                        .map(Axis::name)
                        .toList()
                : spec().points().names();
    }

    Optional<Prior> prior(String parameter) {
        return spec().prior(parameter);
    }

    private Optional<String> givenLabel(String parameter) {
        return Optional.ofNullable(spec().notes().get(parameter)).flatMap(note -> note.label());
    }

    boolean hasLabel(String parameter) {
        return givenLabel(parameter).isPresent();
    }

    /** The label of the job file, else the name; with the unit of the model. */
    String label(String parameter) {
        String label = givenLabel(parameter).orElse(parameter);
        String unit = spec().parameters().stream()
                .filter(declared -> declared.name().equals(parameter))
                .map(declared -> declared.unit())
                .findFirst()
                .orElse("");
        return unit.isEmpty() || label.contains("[") ? label : org.astropool.internal.figure.Axis.withUnit(label, unit);
    }

    /**
     * The parameters that were asked for.
     *
     * @throws JobException when one of them is not among those that vary
     */
    List<String> chosen(List<String> wanted) throws JobException {
        List<String> varied = varied();
        for (String one : wanted) {
            if (varied.contains(one)) {
                continue;
            }
            if (spec().points().names().contains(one)) {
                throw new JobException("parameter " + one + " has one value only in " + directory() + "; choose among "
                        + String.join(", ", varied));
            }
            if (spec().fixed().containsKey(one)) {
                throw new JobException("parameter " + one + " is fixed in " + directory() + "; choose among "
                        + String.join(", ", varied));
            }
            throw new JobException("the run in " + directory() + " has no parameter \"" + one + "\""
                    + (varied.isEmpty() ? "" : Models.hint(one, varied, "it has " + String.join(", ", varied))));
        }
        if (wanted.stream().distinct().count() < wanted.size()) {
            throw new JobException("a parameter is named twice in " + String.join(",", wanted) + "; name each once");
        }
        return wanted.isEmpty() ? varied : wanted;
    }

    /**
     * Its densities.
     *
     * @throws JobException when it has none, or none yet
     */
    Posterior posterior(PlotKind kind) throws JobException {
        if (!spec().hasLikelihood()) {
            throw new JobException("the model " + spec().model().name() + " of " + directory()
                    + " has no output log_likelihood, which --kind " + kind.label() + " needs; use --kind timeline"
                    + " or failures");
        }
        Optional<Samples> samples = samples();
        if (samples.isPresent()) {
            if (samples.get().kept().length() < 2) {
                throw new JobException("the chain in " + directory() + " has fewer than two steps so far; try again"
                        + " when it has more");
            }
            return new ChainPosterior(this, samples.get());
        }
        if (isGrid()) {
            double[] logs = result().numbers(EvaluationSpec.LOG_POSTERIOR);
            if (Arrays.stream(logs).noneMatch(log -> log > Double.NEGATIVE_INFINITY)) {
                throw new JobException("no point of " + directory() + " has a likelihood above 0 so far, so there is"
                        + " nothing to draw; see its failures and log_likelihood with astropool status " + directory()
                        + " --table FILE");
            }
            return new GridPosterior(this, logs);
        }
        throw new JobException("--kind " + kind.label() + " needs a [grid] or the chain of a [sampler], which "
                + directory() + " does not have" + (spec().isSizeKnown() ? "" : " so far")
                + "; use --kind timeline, failures, or trace for a maximum");
    }
}
