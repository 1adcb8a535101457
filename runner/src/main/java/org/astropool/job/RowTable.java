package org.astropool.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.astropool.task.Output;
import org.astropool.task.PointTable;
import org.astropool.task.TaskList;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.ColumnInfo;
import uk.ac.starlink.table.StarTable;
import uk.ac.starlink.table.StarTableFactory;
import uk.ac.starlink.table.Tables;

/** A table whose rows are points: FITS, ECSV, VOTable, CSV or another format that STIL knows. */
final class RowTable {
    private final Path file;
    private final StarTable table;
    private final int rows;

    private RowTable(Path file, StarTable table) throws IOException {
        this.file = file;
        this.table = table;
        this.rows = Math.toIntExact(table.getRowCount());
        if (rows < 1) {
            throw new IOException(file + " has no rows");
        }
    }

    /** @throws IOException when there is no such file, or nobody can read it */
    static RowTable read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + (Files.exists(file) ? " cannot be read" : " does not exist"));
        }
        StarTableFactory factory = new StarTableFactory(true);
        Optional<ResultFormat> format = ResultFormat.ofFile(file);
        try {
            // Text has no mark by which CSV could be told from other columns of words.
            StarTable read = format.isPresent()
                    ? factory.makeStarTable(file.toString(), format.get().label())
                    : factory.makeStarTable(file.toString());
            return new RowTable(file, Tables.randomTable(read));
        } catch (IOException e) {
            throw new IOException(file + " cannot be read as a table: " + e.getMessage(), e);
        } catch (RuntimeException e) { // what the readers of STIL make of a file that ends too soon
            throw new IOException(file + " cannot be read as a table; it may have no rows (" + e + ")", e);
        }
    }

    /** The columns that hold numbers. */
    List<String> numbers() {
        return IntStream.range(0, table.getColumnCount())
                .mapToObj(table::getColumnInfo)
                .filter(column -> Number.class.isAssignableFrom(column.getContentClass()))
                .map(ColumnInfo::getName)
                .toList();
    }

    /**
     * The points.
     *
     * @param parameters the columns to read
     * @throws IOException when one is not there, or has a row without a number
     */
    PointTable points(List<String> parameters) throws IOException {
        if (parameters.isEmpty()) {
            return PointTable.ofRows(rows);
        }
        double[][] columns = new double[parameters.size()][rows];
        for (int i = 0; i < columns.length; i++) {
            int column = column(parameters.get(i));
            for (int row = 0; row < rows; row++) {
                if (table.getCell(row, column) instanceof Number number && Double.isFinite(number.doubleValue())) {
                    columns[i][row] = number.doubleValue();
                } else {
                    throw new IOException(
                            file + ": row " + (row + 1) + " has no number in column " + parameters.get(i));
                }
            }
        }
        return new PointTable(parameters, columns);
    }

    /** @throws IOException when a column is not there, holds vectors, or has an empty cell */
    TaskList labels(List<String> names) throws IOException {
        List<Integer> columns = new ArrayList<>();
        List<Output> labels = new ArrayList<>();
        for (String name : names) {
            int column = column(name);
            ColumnInfo info = table.getColumnInfo(column);
            columns.add(column);
            labels.add(new Output(name, type(info), 1, text(info.getUnitString()), text(info.getDescription())));
        }
        TaskList list = new TaskList(labels);
        for (int row = 0; row < rows; row++) {
            Object[] values = new Object[names.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = value(labels.get(i), table.getCell(row, columns.get(i)), row);
            }
            list.add(values);
        }
        return list;
    }

    private Output.Type type(ColumnInfo info) throws IOException {
        Class<?> type = info.getContentClass();
        if (type == String.class) {
            return Output.Type.STRING;
        }
        if (type == Boolean.class) {
            return Output.Type.BOOLEAN;
        }
        if (type == Double.class || type == Float.class) {
            return Output.Type.DOUBLE;
        }
        if (Number.class.isAssignableFrom(type)) {
            return Output.Type.LONG;
        }
        throw new IOException(file + ": column " + info.getName() + " holds neither text nor a number in each row");
    }

    private Object value(Output label, @Nullable Object cell, int row) throws IOException {
        if (label.type() == Output.Type.STRING) {
            return cell == null ? "" : cell;
        }
        if (cell instanceof Boolean) {
            return cell;
        }
        if (cell instanceof Number number) {
            return label.type() == Output.Type.LONG ? (Object) number.longValue() : (Object) number.doubleValue();
        }
        if (label.type() == Output.Type.DOUBLE) {
            return Double.NaN;
        }
        throw new IOException(file + ": row " + (row + 1) + " has nothing in column " + label.name());
    }

    private int column(String name) throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < table.getColumnCount(); i++) {
            names.add(table.getColumnInfo(i).getName());
        }
        int column = names.indexOf(name);
        if (column < 0) {
            throw new IOException(file + " has no column " + name + "; it has " + String.join(", ", names));
        }
        return column;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
