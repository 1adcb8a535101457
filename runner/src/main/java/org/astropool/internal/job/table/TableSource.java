package org.astropool.internal.job.table;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table in a file of any format. */
interface TableSource {

    List<TableColumn> columns();

    int rows();

    /**
     * Passes all rows in order to a visitor.
     *
     * @param columns the positions of the cells to pass
     * @throws IOException when the file cannot be read to its end
     */
    void read(int[] columns, RowVisitor visitor) throws IOException;

    /** Receives the rows of a table. */
    interface RowVisitor {
        /**
         * Receives a row.
         *
         * @param row from 0
         * @param cells one per column, according to its {@link TableColumn.Kind}; valid only during the call
         */
        void row(int row, @Nullable Object[] cells) throws IOException;
    }
}
