package org.astropool.internal.job.search;

import java.util.List;

/**
 * A table for the user, with one row per parameter.
 *
 * @param columns the titles, without that of the parameters' names
 * @param rows as many cells as titles in each
 */
public record ReportTable(List<String> columns, List<Row> rows) {
    public ReportTable {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * The values of a parameter.
     *
     * @param cells numbers, written with the precision of a report, or text
     */
    public record Row(String parameter, List<Object> cells) {
        public Row {
            cells = List.copyOf(cells);
        }
    }
}
