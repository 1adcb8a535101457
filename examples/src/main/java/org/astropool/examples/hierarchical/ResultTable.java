package org.astropool.examples.hierarchical;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.astropool.examples.supernova.DataFileException;
import uk.ac.starlink.table.RowSequence;
import uk.ac.starlink.table.StarTable;
import uk.ac.starlink.table.StarTableFactory;
import uk.ac.starlink.table.StoragePolicy;
import uk.ac.starlink.util.FileDataSource;

/** The rows of a table that another job wrote: {@code *.fits}, VOTable ({@code *.vot}), else ECSV. */
public final class ResultTable {
    private static final String OK = "ok";

    private final Path file;
    private final Map<String, Integer> columns = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();

    private ResultTable(Path file) throws IOException {
        this.file = file;
        StarTableFactory tables = new StarTableFactory();
        tables.setStoragePolicy(StoragePolicy.PREFER_MEMORY);
        StarTable table = tables.makeStarTable(new FileDataSource(file.toFile()), format(file));
        for (int i = 0; i < table.getColumnCount(); i++) {
            columns.put(table.getColumnInfo(i).getName(), i);
        }
        try (RowSequence sequence = table.getRowSequence()) {
            while (sequence.next()) {
                rows.add(new Row(rows.size() + 1, sequence.getRow()));
            }
        }
    }

    /** By the ending of the name, since trying all formats fills the log. */
    private static String format(Path file) {
        String name = file.toString();
        return name.endsWith(".fits") ? "fits" : name.endsWith(".vot") ? "votable" : "ecsv";
    }

    /** @throws DataFileException when the table is not there or has no rows */
    public static ResultTable read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new DataFileException(file, "no such table; run the job that writes it first");
        }
        ResultTable table;
        try {
            table = new ResultTable(file);
        } catch (IOException e) {
            throw new DataFileException(file, "not a table in the format " + format(file) + ": " + e.getMessage());
        }
        if (table.rows.isEmpty()) {
            throw new DataFileException(file, "no rows, expected one per task");
        }
        return table;
    }

    public List<Row> rows() {
        return rows;
    }

    /** One task of the job that wrote the table. */
    public final class Row {
        private final int number;
        private final Object[] cells;

        private Row(int number, Object[] cells) {
            this.number = number;
            this.cells = cells;
        }

        /** Whether the task has outputs: it was neither skipped nor did it fail. */
        public boolean isOk() throws DataFileException {
            return text("status").equals(OK);
        }

        public String text(String column) throws DataFileException {
            return value(column, CharSequence.class, "a string").toString();
        }

        public double number(String column) throws DataFileException {
            return value(column, Number.class, "a number").doubleValue();
        }

        public double[] vector(String column, int length) throws DataFileException {
            double[] vector = value(column, double[].class, "a vector of numbers");
            if (vector.length != length) {
                throw new DataFileException(
                        file,
                        "row " + number + ": " + column + " has " + vector.length + " elements, expected " + length);
            }
            return vector;
        }

        private <T> T value(String column, Class<T> type, String expected) throws DataFileException {
            Integer position = columns.get(column);
            if (position == null) {
                throw new DataFileException(
                        file,
                        "expected a column " + column + ", found "
                                + columns.keySet().stream().sorted().toList());
            }
            Object cell = cells[position];
            Object value =
                    cell instanceof Character letter ? letter.toString() : cell; // so FITS has strings of length 1
            if (!type.isInstance(value)) {
                throw new DataFileException(
                        file, "row " + number + ": " + column + " is " + value + ", expected " + expected);
            }
            return type.cast(value);
        }
    }
}
