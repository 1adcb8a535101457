package org.astropool.task;

import java.util.Arrays;
import java.util.List;

/** Points in a table: a row a point, a column a parameter; or rows without parameters, for a model that knows its tasks. */
public final class PointTable implements Points {
    private static final long serialVersionUID = 1;

    private final List<String> names;
    private final double[][] columns;
    private final int size;

    /**
     * @param columns one a name, all of the same length; not to be changed any more
     * @throws IllegalArgumentException when their number or lengths do not fit
     */
    public PointTable(List<String> names, double[][] columns) {
        this(names, columns, columns.length == 0 ? 0 : columns[0].length);
    }

    /** Rows without parameters. */
    public static PointTable ofRows(int size) {
        return new PointTable(List.of(), new double[0][], size);
    }

    private PointTable(List<String> names, double[][] columns, int size) {
        if (names.size() != columns.length) {
            throw new IllegalArgumentException(columns.length + " columns for the names " + names);
        }
        for (double[] column : columns) {
            if (column.length != size) {
                throw new IllegalArgumentException("columns of " + size + " and " + column.length + " rows");
            }
        }
        this.names = List.copyOf(names);
        this.columns = columns.clone();
        this.size = size;
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void point(long index, double[] into) {
        for (int i = 0; i < columns.length; i++) {
            into[i] = columns[i][(int) index];
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PointTable table
                && names.equals(table.names)
                && size == table.size
                && Arrays.deepEquals(columns, table.columns);
    }

    @Override
    public int hashCode() {
        return 31 * names.hashCode() + Arrays.deepHashCode(columns);
    }

    @Override
    public String toString() {
        return size + " points of " + names;
    }
}
