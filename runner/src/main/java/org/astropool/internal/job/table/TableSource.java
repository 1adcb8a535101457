package org.astropool.internal.job.table;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table in a file of some format. */
interface TableSource {

    List<TableColumn> columns();

    int rows();

    /**
     * Shows all rows in order.
     *
     * @param columns which cells to show, by their positions
     * @throws IOException when the file cannot be read to its end
     */
    void read(int[] columns, RowVisitor visitor) throws IOException;

    /** Sees the rows of a table. */
    interface RowVisitor {
        /**
         * A row.
         *
         * @param row from 0
         * @param cells one a column, according to its {@link TableColumn.Kind}; not to be kept
         */
        void row(int row, @Nullable Object[] cells) throws IOException;
    }
}
