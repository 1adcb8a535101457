package org.astropool.internal.job.search.maximum;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.job.JsonFile;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.BestFit;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.Metadata;
import org.astropool.internal.job.result.ResultTables;
import org.astropool.internal.job.search.ReportTable;
import org.astropool.internal.job.search.SearchOutput;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.maximizer.LocalMaximum;
import org.astropool.maximizer.Maximum;
import org.astropool.task.Output;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.ColumnStarTable;
import uk.ac.starlink.table.StarTable;

/**
 * A maximum.
 *
 * @param names the parameters, in order
 * @param covariance of the parameters, from the curvature there; empty on the edge of a prior
 */
record MaximumResult(List<String> names, Maximum maximum, Optional<double[][]> covariance) implements SearchResult {
    static final String TABLE = "maxima";

    /** Searches whose maximum is less than this below the best one have found the same maximum. */
    private static final double AGREEMENT = 1e-3;

    /** How many searches have found the best maximum; at least 1. */
    private int agreeing() {
        return maximum.agreeing(AGREEMENT);
    }

    private double error(double[][] of, int parameter) {
        return Math.sqrt(of[parameter][parameter]);
    }

    @Override
    public Optional<BestFit> best() {
        LocalMaximum best = maximum.best();
        Map<String, Double> parameters = new LinkedHashMap<>();
        for (int i = 0; i < best.point().length; i++) {
            parameters.put(names.get(i), best.point()[i]);
        }
        return Optional.of(new BestFit(best.evaluation(), parameters, best.logLikelihood()));
    }

    @Override
    public Map<String, @Nullable Object> summary() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("starts", maximum.searches().size());
        fields.put("agreeing", agreeing());
        fields.put("start", maximum.best().start());
        Map<String, @Nullable Object> errors = new LinkedHashMap<>();
        covariance.ifPresent(of -> {
            for (int i = 0; i < of.length; i++) {
                errors.put(names.get(i), JsonFile.number(error(of, i)));
            }
        });
        fields.put("errors", errors.isEmpty() ? null : errors);
        return Map.of("maximum", fields);
    }

    @Override
    public void write(EvaluationResult points, SearchOutput output) throws IOException {
        output.table(TABLE, table(points.spec()));
    }

    /** One row per search: start, parameters, value, log_likelihood, evaluations, failed, complete. */
    private StarTable table(EvaluationSpec spec) {
        List<LocalMaximum> searches = maximum.searches();
        ColumnStarTable table = ColumnStarTable.makeTableWithRows(searches.size());
        table.setName(spec.name() + "-maxima");
        Metadata.of(spec).forEach(table::setParameter);
        table.addColumn(ResultTables.column(
                "start",
                Integer.class,
                "",
                "number of the search",
                row -> at(searches, row).start()));
        for (int i = 0; i < names.size(); i++) {
            int position = i;
            table.addColumn(ResultTables.parameter(
                    spec, spec.parameter(names.get(i)), row -> at(searches, row).point()[position]));
        }
        table.addColumn(ResultTables.column(
                Output.LOG_LIKELIHOOD,
                Double.class,
                "",
                "natural logarithm of the likelihood",
                row -> at(searches, row).logLikelihood()));
        table.addColumn(ResultTables.column(
                "deficit",
                Double.class,
                "",
                "difference to the maximum of the best search",
                row -> maximum.deficit(at(searches, row))));
        table.addColumn(ResultTables.column(
                "evaluations",
                Integer.class,
                "",
                "points that were evaluated",
                row -> at(searches, row).evaluations()));
        table.addColumn(ResultTables.column(
                "failed",
                Integer.class,
                "",
                "points that failed",
                row -> at(searches, row).failed()));
        table.addColumn(ResultTables.column(
                "converged",
                Boolean.class,
                "",
                "whether it converged before its limit of evaluations",
                row -> at(searches, row).complete()));
        return table;
    }

    private static LocalMaximum at(List<LocalMaximum> searches, long row) {
        return searches.get((int) row);
    }

    @Override
    public Optional<ReportTable> report() {
        List<ReportTable.Row> rows = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            int parameter = i;
            rows.add(new ReportTable.Row(
                    names.get(i),
                    List.of(
                            maximum.best().point()[i],
                            covariance.<Object>map(of -> error(of, parameter)).orElse(""))));
        }
        return Optional.of(new ReportTable(List.of("best fit", "error"), rows));
    }

    @Override
    public String lines() {
        LocalMaximum best = maximum.best();
        return "log_likelihood " + String.format(Locale.ROOT, "%.6f", best.logLikelihood()) + "; " + agreeing() + " of "
                + maximum.searches().size() + " searches found this maximum\n"
                + (best.complete() ? "" : "the best search reached its limit of evaluations: increase it\n");
    }
}
