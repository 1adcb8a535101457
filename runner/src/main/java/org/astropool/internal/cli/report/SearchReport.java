package org.astropool.internal.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.astropool.internal.cli.display.Numbers;
import org.astropool.internal.cli.display.TextTable;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.search.ReportTable;
import org.astropool.internal.job.search.SearchResult;

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
        return searchResult.report().map(this::text).orElse("") + searchResult.lines();
    }

    private String text(ReportTable report) {
        TextTable table = new TextTable();
        table.row(row("", report.columns(), "true"));
        for (ReportTable.Row row : report.rows()) {
            List<String> cells = row.cells().stream()
                    .map(cell -> cell instanceof Double number ? Numbers.value(number) : cell.toString())
                    .toList();
            Double value = truth.get(row.parameter());
            table.row(row(row.parameter(), cells, value == null ? "" : Numbers.value(value)));
        }
        return table.toString();
    }

    /** With the true value in the last column if the model knows such values. */
    private String[] row(String first, List<String> cells, String last) {
        List<String> row = new ArrayList<>();
        row.add(first);
        row.addAll(cells);
        if (!truth.isEmpty()) {
            row.add(last);
        }
        return row.toArray(String[]::new);
    }
}
