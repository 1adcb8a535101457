package org.astropool.randomsearch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.ResultTables;
import org.astropool.internal.job.search.ReportTable;
import org.astropool.internal.job.search.SearchOutput;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.task.Output;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.ColumnStarTable;
import uk.ac.starlink.table.StarTable;

/** All draws, by number. */
record RandomSearchResult(List<String> names, List<Draw> draws) implements SearchResult {
    RandomSearchResult {
        draws = List.copyOf(draws);
    }

    /** A point that was evaluated. */
    record Draw(long number, double[] point, double logLikelihood) {}

    private Draw highest() {
        return draws.stream()
                .max(Comparator.comparingDouble(
                        draw -> Double.isNaN(draw.logLikelihood) ? Double.NEGATIVE_INFINITY : draw.logLikelihood))
                .orElseThrow();
    }

    @Override
    public Map<String, @Nullable Object> summary() {
        return Map.of("random", Map.of("draws", draws.size(), "best", highest().number));
    }

    @Override
    public void write(EvaluationResult points, SearchOutput output) throws IOException {
        output.table(RandomSearchKind.TABLE, table(points));
        output.text(RandomSearchKind.TEXT, highest().number + "\n");
    }

    @Override
    public Optional<StarTable> tableSoFar(EvaluationResult points) {
        return Optional.of(table(points));
    }

    private StarTable table(EvaluationResult points) {
        ColumnStarTable table = ColumnStarTable.makeTableWithRows(draws.size());
        table.addColumn(
                ResultTables.column("draw", Long.class, "", "number of the draw", row -> draws.get((int) row).number));
        for (int i = 0; i < names.size(); i++) {
            int position = i;
            table.addColumn(ResultTables.parameter(
                    points.spec(), points.spec().parameter(names.get(i)), row -> draws.get((int) row).point[position]));
        }
        table.addColumn(ResultTables.column(
                Output.LOG_LIKELIHOOD, Double.class, "", "", row -> draws.get((int) row).logLikelihood));
        return table;
    }

    @Override
    public Optional<ReportTable> report() {
        List<ReportTable.Row> rows = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            rows.add(new ReportTable.Row(names.get(i), List.of(highest().point[i])));
        }
        return Optional.of(new ReportTable(List.of("best draw"), rows));
    }

    @Override
    public String lines() {
        return draws.size() + " points were drawn\n";
    }
}
