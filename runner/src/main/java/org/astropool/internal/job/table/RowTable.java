package org.astropool.internal.job.table;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.astropool.internal.job.table.TableColumn.Kind;
import org.astropool.internal.model.Models;
import org.astropool.internal.model.PointTable;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.astropool.task.TaskList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A table whose rows are points; in any format that {@link TableReaders} opens. */
public final class RowTable {
    private static final Logger LOG = LoggerFactory.getLogger(RowTable.class);
    private static final int MOST_NAMES = 40;
    private static final int FIRST_ROWS = 1 << 16;
    private static final String MASK = ".mask";

    private final Path file;
    private final TableSource table;
    private final int rows;

    private RowTable(Path file, TableSource table) throws IOException {
        this.file = file;
        this.table = table;
        this.rows = table.rows();
        if (rows < 1) {
            throw new IOException(file + " has no rows");
        }
    }

    /** @throws IOException when there is no such file, or it cannot be read */
    public static RowTable read(TableReference choice) throws IOException {
        return new RowTable(choice.file(), TableReaders.open(choice));
    }

    /** The names of all columns. */
    public List<String> names() {
        return table.columns().stream().map(TableColumn::name).toList();
    }

    /**
     * The columns that have a finite number in each row.
     *
     * @throws IOException when the rows cannot be read
     */
    public List<String> numbers() throws IOException {
        int[] all = IntStream.range(0, table.columns().size()).toArray();
        boolean[] isNumber = new boolean[all.length];
        Arrays.fill(isNumber, true);
        read(all, (row, cells) -> {
            for (int i = 0; i < cells.length; i++) {
                isNumber[i] = isNumber[i] && Double.isFinite(number(cells[i]));
            }
        });
        return IntStream.of(all)
                .filter(i -> isNumber[i])
                .mapToObj(i -> table.columns().get(i).name())
                .toList();
    }

    /**
     * The points, in the units of the parameters.
     *
     * @param parameters the columns to read
     * @throws IOException when one is not there, is in a unit that cannot be converted, or has a row without a number
     */
    public PointTable points(List<Parameter> parameters) throws IOException {
        List<String> names = parameters.stream().map(Parameter::name).toList();
        List<DoubleUnaryOperator> conversions = new ArrayList<>();
        for (Parameter parameter : parameters) {
            conversions.add(conversion(table.columns().get(column(parameter.name())), parameter));
        }
        return points(names, conversions);
    }

    private DoubleUnaryOperator conversion(TableColumn column, Parameter parameter) throws IOException {
        if (UnitConversion.isLost(column.unit(), parameter.unit())) {
            LOG.warn(
                    "{}: column {} is in {}, the parameter has no unit; the numbers are not converted",
                    file,
                    column.name(),
                    column.unit());
        }
        return UnitConversion.of(column.unit(), parameter.unit())
                .orElseThrow(() -> new IOException(file + ": column " + column.name() + " is in " + column.unit()
                        + ", the parameter is in " + parameter.unit()
                        + "; the units cannot be converted; give the column in a unit of the same kind"));
    }

    /**
     * Columns of numbers without a conversion.
     *
     * @throws IOException when one is not there, or has a row without a number
     */
    public PointTable columns(List<String> names) throws IOException {
        return points(
                names,
                names.stream().map(name -> DoubleUnaryOperator.identity()).toList());
    }

    private PointTable points(List<String> names, List<DoubleUnaryOperator> conversions) throws IOException {
        if (names.isEmpty()) {
            return PointTable.ofRows(rows);
        }
        double[][] columns = new double[names.size()][Math.min(rows, FIRST_ROWS)];
        read(columns(names.toArray(String[]::new)), (row, cells) -> {
            for (int i = 0; i < columns.length; i++) {
                if (row
                        == columns[i]
                                .length) { // grows with the rows that exist, since the header of the file may be wrong
                    columns[i] = Arrays.copyOf(columns[i], (int) Math.min(rows, 2L * row));
                }
                columns[i][row] = conversions.get(i).applyAsDouble(finite(names.get(i), cells[i], row));
            }
        });
        return new PointTable(names, columns);
    }

    private double finite(String name, @Nullable Object cell, int row) throws IOException {
        double number = number(cell);
        if (!Double.isFinite(number)) {
            throw new IOException(file + ": row " + (row + 1) + " has no number in column " + name + ": it is "
                    + (cell == null ? "empty" : shown(cell)));
        }
        if (isRounded(cell, number)) {
            throw new IOException(file + ": row " + (row + 1) + " has " + cell + " in column " + name
                    + ", which a double cannot represent; use whole numbers up to 2^53");
        }
        return number;
    }

    private static String shown(Object cell) {
        if (cell instanceof String text) {
            return "\"" + text + "\"";
        }
        return cell.getClass().isArray() ? "a vector" : cell.toString();
    }

    private static boolean isRounded(@Nullable Object cell, double number) {
        if (cell instanceof Long whole) {
            return (long) number != whole || number == 0x1p63;
        }
        return cell instanceof String text
                && Math.abs(number) >= 0x1p53
                && NumberText.isWhole(text)
                && new BigDecimal(text).compareTo(new BigDecimal(number)) != 0;
    }

    /** The number in a cell; NaN when there is none. */
    private static double number(@Nullable Object cell) {
        if (cell instanceof Number number) {
            return number.doubleValue();
        }
        return cell instanceof String text ? NumberText.parse(text).orElse(Double.NaN) : Double.NaN;
    }

    /**
     * The columns that are copied into the results.
     *
     * @throws IOException when a column is not there, or holds vectors
     */
    public TaskList labels(List<String> names) throws IOException {
        int[] positions = columns(names.toArray(String[]::new));
        List<LabelColumn> labels = new ArrayList<>();
        for (int position : positions) {
            TableColumn column = table.columns().get(position);
            if (column.kind() == Kind.OTHER) {
                throw new IOException(file + ": column " + column.name() + " does not hold text or numbers");
            }
            labels.add(new LabelColumn(column, rows));
        }
        read(positions, (row, cells) -> {
            for (int i = 0; i < cells.length; i++) {
                labels.get(i).add(cells[i]);
            }
        });
        List<Output> outputs = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            TableColumn column = table.columns().get(positions[i]);
            outputs.add(new Output("label_" + i, labels.get(i).type(), 1, column.unit(), column.description()));
        }
        TaskList list = new TaskList(outputs, names);
        for (int row = 0; row < rows; row++) {
            @Nullable Object[] values = new Object[labels.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = labels.get(i).value(row);
            }
            list.add(values);
        }
        return list;
    }

    /** Passes rows to a visitor; a cell is empty if another column of the table masks it. */
    private void read(int[] positions, TableSource.RowVisitor visitor) throws IOException {
        int[] masks = masks(positions);
        int[] masked =
                IntStream.range(0, masks.length).filter(i -> masks[i] >= 0).toArray();
        int[] all = IntStream.concat(
                        IntStream.of(positions), IntStream.of(masked).map(i -> masks[i]))
                .toArray();
        try {
            table.read(all, (row, cells) -> {
                for (int i = 0; i < masked.length; i++) {
                    Object mask = cells[positions.length + i];
                    if (mask != null && "true".equalsIgnoreCase(mask.toString())) {
                        cells[masked[i]] = null;
                    }
                }
                visitor.row(row, masked.length == 0 ? cells : Arrays.copyOf(cells, positions.length));
            });
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith(file.toString()) ? e : new IOException(file + ": " + message, e);
        } catch (RuntimeException e) { // the readers of STIL throw these for a damaged file
            throw new IOException(file + " cannot be read to its end (" + e + "); is it complete?", e);
        }
    }

    /** For each column the position of the one that masks it, or -1. */
    private int[] masks(int[] positions) {
        List<String> names = names();
        Map<String, Integer> masks = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).endsWith(MASK)) {
                masks.put(names.get(i), i);
            }
        }
        return IntStream.of(positions)
                .map(position -> masks.getOrDefault(names.get(position) + MASK, -1))
                .toArray();
    }

    private int[] columns(String... wanted) throws IOException {
        int[] positions = new int[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            positions[i] = column(wanted[i]);
        }
        return positions;
    }

    private int column(String name) throws IOException {
        List<String> names = names();
        int column = names.indexOf(name);
        if (column >= 0 && column == names.lastIndexOf(name)) {
            return column;
        }
        if (column >= 0) {
            throw new IOException(file + " has two columns " + name + "; give them different names");
        }
        List<String> parts =
                names.stream().filter(each -> each.startsWith(name + ".")).toList();
        if (!parts.isEmpty()) {
            throw new IOException(file + " has column " + name + " in parts: " + String.join(", ", parts)
                    + "; name one of these, or write the column as numbers");
        }
        String more = names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "";
        throw new IOException(file + " has no column " + name
                + Models.hint(
                        name,
                        names,
                        "it has " + String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMES))) + more));
    }
}
