package org.astropool.internal.cli.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.astropool.internal.cli.display.Numbers;
import org.astropool.internal.cli.display.TextTable;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.SearchResult;
import org.astropool.internal.job.result.SearchResult.Maximized;
import org.astropool.internal.job.result.SearchResult.Sampled;
import org.astropool.maximizer.LocalMaximum;
import org.astropool.maximizer.Maximum;
import org.astropool.sampler.ParameterStatistics;

/** The result of a search, as text for the user. */
final class SearchReport {
    private final Map<String, Double> truth;
    private final SearchResult searchResult;

    SearchReport(EvaluationResult result, SearchResult searchResult) {
        this.truth = result.spec().model().truth(result.spec().options());
        this.searchResult = searchResult;
    }

    @Override
    public String toString() {
        return searchResult instanceof Sampled sampled ? text(sampled) : text((Maximized) searchResult);
    }

    private String text(Sampled sampled) {
        StringBuilder text = new StringBuilder();
        sampled.statistics().ifPresent(statistics -> text.append(table(sampled.names(), statistics.parameters())));
        text.append(String.format(
                Locale.ROOT,
                "%d walkers, %d steps of which the first %d are left out, acceptance %.2f%n",
                sampled.chain().walkers(),
                sampled.chain().length() - 1,
                sampled.burn(),
                sampled.kept().acceptance()));
        if (sampled.counts().failed() > 0) {
            text.append(sampled.counts().failed()).append(" moves failed and were rejected\n");
        }
        if (sampled.isLongEnough().isPresent() && !sampled.isLongEnough().get()) {
            text.append("the chain is shorter than required: use more steps; its errors are not reliable\n");
        }
        return text.toString();
    }

    private String table(List<String> names, List<ParameterStatistics> parameters) {
        TextTable table = new TextTable();
        boolean known = !truth.isEmpty();
        table.row(with(known, "true", "", "mean", "std", "16 %", "median", "84 %", "MC error", "autocorr. steps"));
        for (int i = 0; i < names.size(); i++) {
            ParameterStatistics of = parameters.get(i);
            Double value = truth.get(names.get(i));
            table.row(with(
                    known,
                    value == null ? "" : Numbers.value(value),
                    names.get(i),
                    Numbers.value(of.mean()),
                    Numbers.value(of.std()),
                    Numbers.value(of.quantile16()),
                    Numbers.value(of.median()),
                    Numbers.value(of.quantile84()),
                    Numbers.value(of.meanError()),
                    String.format(Locale.ROOT, "%.1f", of.autocorrelationTime())));
        }
        return table.toString();
    }

    private static String[] with(boolean wanted, String last, String... cells) {
        if (!wanted) {
            return cells;
        }
        String[] more = java.util.Arrays.copyOf(cells, cells.length + 1);
        more[cells.length] = last;
        return more;
    }

    private String text(Maximized maximized) {
        Maximum maximum = maximized.maximum();
        LocalMaximum best = maximum.best();
        TextTable table = new TextTable();
        boolean known = !truth.isEmpty();
        table.row(with(known, "true", "", "best fit", "error"));
        for (int i = 0; i < best.point().length; i++) {
            int at = i;
            Double value = truth.get(maximized.names().get(i));
            table.row(with(
                    known,
                    value == null ? "" : Numbers.value(value),
                    maximized.names().get(i),
                    Numbers.value(best.point()[i]),
                    maximized
                            .covariance()
                            .map(covariance -> Numbers.value(Math.sqrt(covariance[at][at])))
                            .orElse("")));
        }
        return table + "log_likelihood " + String.format(Locale.ROOT, "%.6f", best.logLikelihood()) + "; "
                + maximized.agreeing() + " of " + maximum.searches().size() + " searches found this maximum\n"
                + (best.complete() ? "" : "the best search reached its limit of evaluations: increase it\n");
    }
}
