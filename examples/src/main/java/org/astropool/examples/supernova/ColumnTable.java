package org.astropool.examples.supernova;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;
import org.astropool.examples.supernova.Lines.Line;

/**
 * A text table of columns between blanks, with one supernova a row. Blank lines and {@code #} lines are passed over.
 */
public final class ColumnTable {
    private static final String COMMENT = "#";

    private final Path file;
    private final List<String> columns;
    private final List<Line> rows;

    private ColumnTable(Path file, List<String> columns, List<Line> rows) throws DataFileException {
        if (rows.isEmpty()) {
            throw new DataFileException(file, "no rows, expected one line per supernova");
        }
        this.file = file;
        this.columns = columns;
        this.rows = rows;
    }

    /** Without a header: the columns are known. */
    public static ColumnTable withoutHeader(Path file, String... columns) throws IOException {
        return new ColumnTable(file, List.of(columns), withoutComments(Lines.read(file)));
    }

    /** As in the files of the JLA likelihood: the first line is {@code #name zcmb zhel ...}. */
    public static ColumnTable withHashHeader(Path file) throws IOException {
        List<Line> lines = Lines.read(file);
        if (lines.isEmpty() || !lines.get(0).startsWith(COMMENT)) {
            throw new DataFileException(
                    file, "expected a first line with the names of the columns, \"#name zcmb ...\"");
        }
        List<String> columns = new ArrayList<>(lines.get(0).words());
        columns.set(0, columns.get(0).substring(COMMENT.length()));
        return new ColumnTable(file, columns, withoutComments(lines));
    }

    /** The first line that is no comment names the columns. */
    static ColumnTable withHeader(Path file) throws IOException {
        List<Line> lines = withoutComments(Lines.read(file));
        if (lines.isEmpty()) {
            throw new DataFileException(file, "expected a first line with the names of the columns");
        }
        return new ColumnTable(file, lines.get(0).words(), lines.subList(1, lines.size()));
    }

    /** As SNANA writes: {@code VARNAMES: CID ...}, then rows that begin with {@code SN:}; other lines do not count. */
    static ColumnTable ofSnana(Path file) throws IOException {
        List<Line> lines = Lines.read(file);
        Line header = lines.stream()
                .filter(line -> line.startsWith("VARNAMES:"))
                .findFirst()
                .orElseThrow(() -> new DataFileException(file, "expected a line \"VARNAMES: CID ...\""));
        List<Line> rows = lines.stream().filter(line -> line.startsWith("SN:")).toList();
        return new ColumnTable(file, header.words(), rows);
    }

    private static List<Line> withoutComments(List<Line> lines) {
        return lines.stream().filter(line -> !line.startsWith(COMMENT)).toList();
    }

    /** Number of rows. */
    public int size() {
        return rows.size();
    }

    /** A column of finite numbers. */
    public double[] numbers(String column) throws DataFileException {
        return numbers(column, value -> true, "");
    }

    /** A column of finite numbers above 0. */
    public double[] positive(String column) throws DataFileException {
        return numbers(column, value -> value > 0, ", expected a number above 0");
    }

    /** A column of words, for instance of names. */
    public List<String> words(String column) throws DataFileException {
        int position = columns.indexOf(column);
        if (position < 0) {
            throw new DataFileException(file, "expected a column " + column + ", found " + columns);
        }
        List<String> words = new ArrayList<>();
        for (Line row : rows) {
            if (row.words().size() <= position) {
                throw new DataFileException(
                        file,
                        row.number(),
                        row.words().size() + " values, expected column " + column + " as number " + (position + 1));
            }
            words.add(row.words().get(position));
        }
        return words;
    }

    private double[] numbers(String column, DoublePredicate allowed, String expected) throws DataFileException {
        List<String> words = words(column);
        double[] numbers = new double[words.size()];
        for (int i = 0; i < numbers.length; i++) {
            Line row = rows.get(i);
            numbers[i] = Lines.number(file, row, column, words.get(i));
            if (!allowed.test(numbers[i])) {
                throw new DataFileException(file, row.number(), column + " is " + numbers[i] + expected);
            }
        }
        return numbers;
    }

    /** The rows where a column is above a limit. */
    ColumnTable where(String column, double above) throws DataFileException {
        double[] values = numbers(column);
        List<Line> chosen = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            if (values[i] > above) {
                chosen.add(rows.get(i));
            }
        }
        return new ColumnTable(file, columns, chosen);
    }
}
