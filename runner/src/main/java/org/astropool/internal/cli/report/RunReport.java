package org.astropool.internal.cli.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.astropool.internal.cli.display.Numbers;
import org.astropool.internal.cli.display.TextTable;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.result.BestFit;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.Marginal;
import org.astropool.internal.job.result.PointFailure;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.internal.job.run.EvaluationRun;
import org.astropool.internal.job.run.JobRun.Written;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.internal.text.CutText;

/** The result of a run, as text for the user. */
public final class RunReport {
    /** The part of the whole time below which the preparation is not shown. */
    /** Of more files, only the first and the last ones are named. */
    private static final int MOST_FILES = 12;

    private static final double LEAST_SHARE = 0.01;

    private static final double LEAST_SECONDS = 0.01;
    private static final int LONGEST_QUOTE = 500;

    private final EvaluationRun run;
    private final EvaluationResult result;
    private final Written written;
    private final Path directory;

    public RunReport(Written written, Path directory) {
        this.run = written.run();
        this.result = written.run().result();
        this.written = written;
        this.directory = directory;
    }

    /** Prints messages about problems, if there were any. */
    public void printProblems(Consumer<String> messages) {
        run.earlyEnd()
                .ifPresent(end -> messages.accept("the run ended early: " + end.message()
                        + (end.cause().isWithoutDirectory() ? "" : ". " + inJournal())));
        int[] slow = result.timings().slowPoints();
        if (slow.length > 0) {
            messages.accept(
                    slow.length + " points took more than 20 times the median, for instance point " + slow[0] + ": "
                            + Numbers.value(result.timings().seconds(slow[0]))
                            + " s; use [run] timeout to end such points; all durations are in timings.fits");
        }
        boolean isLost =
                run.earlyEnd().map(end -> end.cause().isWithoutDirectory()).orElse(false);
        int failed = result.count(PointStatus.FAILED);
        if (failed > 0) {
            PointFailure first = result.failures().stream()
                    .filter(failure -> result.status((int) failure.index()) == PointStatus.FAILED)
                    .findFirst()
                    .orElseThrow();
            messages.accept(failed + " of " + (result.spec().isSizeKnown() ? result.points() : result.evaluated())
                    + " points failed"
                    + (written.exitCode() == ExitCode.FAILURES ? ", more than allow_failures" : "")
                    + "; the first is " + first.index() + " (" + first.kind() + ": "
                    + CutText.of(first.reason(), LONGEST_QUOTE)
                    + ")"
                    + (isLost ? "" : ". All are in " + directory.resolve("failures.ecsv")));
        }
    }

    private String inJournal() {
        return result.spec().isSizeKnown()
                ? result.evaluated() + " of " + result.points()
                        + " points are in the journal; --resume evaluates the others"
                : result.evaluated() + " points are in the journal; --resume continues with them";
    }

    private String preparing() {
        double seconds = run.preparingSeconds();
        return seconds < Math.max(LEAST_SECONDS, LEAST_SHARE * run.wallSeconds())
                ? ""
                : String.format(Locale.ROOT, "; preparation of the model: %.2f s", seconds);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(result.spec().name()).append(": ").append(counts()).append('\n');
        text.append(String.format(
                Locale.ROOT,
                "%.2f s, %s evaluations/s, workers busy %.0f %%%s%n",
                run.wallSeconds(),
                Numbers.rate(run.evaluationsPerSecond()),
                100 * run.busyFraction(),
                preparing()));
        text.append(findings());
        if (!written.files().isEmpty()) {
            text.append('\n')
                    .append("written to ")
                    .append(directory)
                    .append(": ")
                    .append(files())
                    .append('\n');
        }
        return text.toString();
    }

    private String findings() {
        SearchResult searchResult = run.searchResult().orElse(null);
        if (searchResult != null) {
            return "\n" + new SearchReport(result, searchResult);
        }
        return result.best().map(best -> "\n" + fits(best) + likelihood(best)).orElse("");
    }

    private String counts() {
        boolean isSearch = !result.spec().isSizeKnown();
        String counts = isSearch
                ? result.evaluated() + " points evaluated"
                : result.count(PointStatus.OK) + " of " + result.points() + " points ok";
        List<PointStatus> others = isSearch
                ? List.of(PointStatus.FAILED, PointStatus.SKIPPED)
                : List.of(PointStatus.FAILED, PointStatus.SKIPPED, PointStatus.MISSING);
        for (PointStatus status : others) {
            if (result.count(status) > 0) {
                counts += ", " + result.count(status) + " " + status.label();
            }
        }
        return counts;
    }

    private String fits(BestFit best) {
        Map<String, Double> truth = result.spec().model().truth(result.spec().options());
        Map<String, Marginal> marginals = result.marginals();
        if (best.parameters().isEmpty()) {
            return ""; // the tasks of a model that lists its own
        }
        boolean hasMeans = !marginals.isEmpty(); // there are none for rows of a table
        List<String> titles = new ArrayList<>(List.of("", "best fit"));
        if (hasMeans) {
            titles.addAll(List.of("mean", "std"));
        }
        if (!truth.isEmpty()) {
            titles.addAll(hasMeans ? List.of("true", "mean - true") : List.of("true"));
        }
        TextTable table = new TextTable();
        table.row(titles.toArray(String[]::new));
        best.parameters().forEach((name, value) -> {
            List<String> cells = new ArrayList<>(List.of(name, Numbers.value(value)));
            Marginal marginal = marginals.get(name);
            if (hasMeans) {
                cells.add(marginal == null ? "" : Numbers.value(marginal.mean()));
                cells.add(marginal == null ? "" : Numbers.value(marginal.std()));
            }
            Double known = truth.get(name);
            if (!truth.isEmpty()) {
                cells.add(known == null ? "" : Numbers.value(known));
                if (hasMeans) {
                    cells.add(known == null || marginal == null ? "" : sigmas(marginal, known));
                }
            }
            table.row(cells.toArray(String[]::new));
        });
        return table.toString();
    }

    private static String sigmas(Marginal marginal, double truth) {
        return String.format(Locale.ROOT, "%+.2f sigma", (marginal.mean() - truth) / marginal.std());
    }

    private String likelihood(BestFit best) {
        String text = "log_likelihood " + Numbers.value(best.logLikelihood()) + " at point " + best.index();
        if (result.logEvidence().isPresent()) {
            text += ", log_evidence " + Numbers.value(result.logEvidence().getAsDouble());
        }
        return text + "\n";
    }

    private String files() {
        List<String> names = written.files().stream()
                .map(file -> String.valueOf(file.getFileName()))
                .toList();
        if (names.size() <= MOST_FILES) {
            return String.join(", ", names);
        }
        int shown = MOST_FILES / 2;
        return String.join(", ", names.subList(0, shown)) + ", " + (names.size() - 2 * shown) + " more, "
                + String.join(", ", names.subList(names.size() - shown, names.size()));
    }
}
