package org.astropool.internal.model;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.astropool.task.Points;

/**
 * Points in a table: a row a point, a column a parameter; or rows without parameters, for a model that knows its tasks.
 */
public final class PointTable implements Points {
    private static final long serialVersionUID = 1;
    private static final int BLOCK = 1 << 12;

    private final List<String> names;
    /** Written in blocks of bytes: writing numbers one by one takes milliseconds at the start of a run. */
    private transient double[][] columns;

    private final int size;

    /**
     * @param columns one a name, all of the same length; must not be changed any more
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

    private void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
        ByteBuffer block = ByteBuffer.allocate(BLOCK * Double.BYTES);
        for (double[] column : columns) {
            for (int from = 0; from < size; from += BLOCK) {
                int count = Math.min(BLOCK, size - from);
                block.asDoubleBuffer().put(column, from, count);
                out.write(block.array(), 0, count * Double.BYTES);
            }
        }
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        columns = new double[names.size()][size];
        ByteBuffer block = ByteBuffer.allocate(BLOCK * Double.BYTES);
        for (double[] column : columns) {
            for (int from = 0; from < size; from += BLOCK) {
                int count = Math.min(BLOCK, size - from);
                in.readFully(block.array(), 0, count * Double.BYTES);
                block.asDoubleBuffer().get(column, from, count);
            }
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
