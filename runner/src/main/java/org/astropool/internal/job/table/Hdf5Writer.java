package org.astropool.internal.job.table;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.ColumnInfo;
import uk.ac.starlink.table.DescribedValue;
import uk.ac.starlink.table.RowSequence;
import uk.ac.starlink.table.StarTable;

/**
 * Writes HDF5: a dataset for each column, with its unit and description as attributes, and the metadata as attributes
 * of the file. The library takes whole arrays, so a column is in memory while it is written. Stateless.
 */
final class Hdf5Writer {
    private Hdf5Writer() {}

    static void write(StarTable table, Path file) throws IOException {
        try (WritableHdfFile out = HdfFile.write(file)) {
            int rows = Math.toIntExact(table.getRowCount());
            out.putAttribute("rows", rows);
            for (DescribedValue entry : table.getParameters()) {
                attribute(out, entry.getInfo().getName(), entry.getValue());
            }
            for (int i = 0; i < table.getColumnCount() && rows > 0; i++) { // the library writes no empty datasets
                ColumnInfo info = table.getColumnInfo(i);
                WritableNode dataset = out.putDataset(info.getName().replace('/', '_'), column(table, i, rows));
                attribute(dataset, "unit", info.getUnitString());
                attribute(dataset, "description", info.getDescription());
            }
        } catch (RuntimeException e) { // as the library reports errors of files
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static void attribute(WritableNode node, String name, @Nullable Object value) {
        boolean isEmpty = value == null || value.equals("") || (value instanceof String[] texts && texts.length == 0);
        if (!isEmpty) {
            node.putAttribute(name, value);
        }
    }

    private static Object column(StarTable table, int column, int rows) throws IOException {
        ColumnInfo info = table.getColumnInfo(column);
        Class<?> type = info.getContentClass();
        if (type == double[].class) {
            double[][] values = new double[rows][];
            int length = info.getShape()[0];
            fill(table, column, (row, value) -> values[row] = value == null ? absent(length) : (double[]) value);
            return values;
        }
        if (type == Double.class) {
            double[] values = new double[rows];
            fill(table, column, (row, value) -> values[row] = value == null ? Double.NaN : (Double) value);
            return values;
        }
        if (type == Long.class) {
            long[] values = new long[rows];
            fill(table, column, (row, value) -> values[row] = value == null ? 0 : (Long) value);
            return values;
        }
        if (type == Integer.class) {
            int[] values = new int[rows];
            fill(table, column, (row, value) -> values[row] = value == null ? 0 : (Integer) value);
            return values;
        }
        if (type == Boolean.class) {
            boolean[] values = new boolean[rows];
            fill(table, column, (row, value) -> values[row] = Boolean.TRUE.equals(value));
            return values;
        }
        if (type == String.class) {
            String[] values = new String[rows];
            fill(table, column, (row, value) -> values[row] = value == null ? "" : (String) value);
            return values;
        }
        throw new IllegalArgumentException("a column of " + type);
    }

    private static double[] absent(int length) {
        double[] absent = new double[length];
        Arrays.fill(absent, Double.NaN);
        return absent;
    }

    private interface Cell {
        void accept(int row, @Nullable Object value);
    }

    private static void fill(StarTable table, int column, Cell cell) throws IOException {
        try (RowSequence sequence = table.getRowSequence()) {
            for (int row = 0; sequence.next(); row++) {
                cell.accept(row, sequence.getCell(column));
            }
        }
    }
}
