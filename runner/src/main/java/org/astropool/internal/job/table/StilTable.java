package org.astropool.internal.job.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.astropool.internal.job.table.TableColumn.Kind;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.ColumnInfo;
import uk.ac.starlink.table.RowSequence;
import uk.ac.starlink.table.StarTable;

/** A table in a format that has types: FITS, VOTable and others that STIL reads. */
final class StilTable implements TableSource {
    private final StarTable table;
    private final List<TableColumn> columns = new ArrayList<>();

    /** @param table a table whose number of rows is known */
    StilTable(StarTable table) {
        this.table = table;
        for (int i = 0; i < table.getColumnCount(); i++) {
            ColumnInfo info = table.getColumnInfo(i);
            columns.add(new TableColumn(
                    info.getName(), kind(info), text(info.getUnitString()), text(info.getDescription())));
        }
    }

    private static Kind kind(ColumnInfo info) {
        Class<?> type = info.getContentClass();
        if (type == String.class || type == Character.class) { // the type of FITS strings of length 1
            return Kind.TEXT;
        }
        if (type == Boolean.class) {
            return Kind.FLAG;
        }
        if (type == Double.class || type == Float.class) {
            return Kind.NUMBER;
        }
        return type == Long.class || type == Integer.class || type == Short.class || type == Byte.class
                ? Kind.WHOLE
                : Kind.OTHER;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text.strip();
    }

    @Override
    public List<TableColumn> columns() {
        return columns;
    }

    @Override
    public int rows() {
        return Math.toIntExact(table.getRowCount());
    }

    @Override
    public void read(int[] positions, RowVisitor visitor) throws IOException {
        @Nullable Object[] cells = new Object[positions.length];
        try (RowSequence rows = table.getRowSequence()) {
            for (int row = 0; rows.next(); row++) {
                for (int i = 0; i < cells.length; i++) {
                    cells[i] = cell(columns.get(positions[i]).kind(), rows.getCell(positions[i]));
                }
                visitor.row(row, cells);
            }
        }
    }

    private static @Nullable Object cell(Kind kind, @Nullable Object cell) {
        if (cell == null) {
            return null;
        }
        return switch (kind) {
            case TEXT -> cell.toString();
            case WHOLE -> ((Number) cell).longValue();
            case NUMBER, SINGLE -> ((Number) cell).doubleValue();
            case FLAG, UNTYPED, OTHER -> cell;
        };
    }
}
