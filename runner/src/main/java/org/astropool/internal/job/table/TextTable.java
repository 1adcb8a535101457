package org.astropool.internal.job.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.astropool.internal.job.table.TableColumn.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A text table with one line per row. Cells are kept as text, since a cell can be a number for one use and a name for
 * another. Its header is the first line, or the last comment before it that has as many names.
 */
final class TextTable implements TableSource {
    private static final int LINES_TO_LOOK_AT = 20;
    private static final String COMMENT = "#";
    private static final String VARIABLES = "VARNAMES:";
    private static final List<String> GETDIST = List.of("weight", "minus_log_posterior");

    private final List<TableColumn> columns = new ArrayList<>();
    private final List<String> rows = new ArrayList<>();
    private final Delimiter delimiter;

    private TextTable(Delimiter delimiter) {
        this.delimiter = delimiter;
    }

    /**
     * A table whose delimiter is detected from its lines: comma, semicolon, tab, bar or blanks.
     *
     * @param format text, csv or tsv
     * @throws IOException with the reason, without the name of the file
     */
    static TextTable delimited(Path file, List<String> lines, String format) throws IOException {
        List<String> comments = new ArrayList<>();
        List<String> body = new ArrayList<>();
        for (String line : lines) {
            if (!isComment(line)) {
                body.add(line);
            } else if (body.isEmpty() && !line.isBlank()) {
                comments.add(line.strip().replaceFirst("^#+", "").strip());
            }
        }
        if (body.isEmpty()) {
            throw new IOException(
                    comments.isEmpty() ? "it is empty; a table needs a line with the names of its columns" : "no rows");
        }
        Delimiter delimiter = format.equals("tsv") ? Delimiter.TAB : detectDelimiter(body, format);
        TextTable table = new TextTable(delimiter);
        List<String> first = delimiter.split(body.get(0));
        Optional<List<String>> commented = commented(comments, first.size(), delimiter);
        int begin;
        if (commented.isPresent() && isRow(first, body, delimiter)) {
            commented.get().forEach(name -> table.columns.add(TableColumn.untyped(name)));
            begin = 0;
        } else if (first.stream().allMatch(cell -> NumberText.parse(cell).isPresent())) {
            Optional<Path> names = parameterNames(file);
            if (names.isEmpty()) {
                throw new IOException("it has no line with the names of its columns: the first is "
                        + shortened(body.get(0)) + "; begin the file with a line of names");
            }
            return getDist(file, lines);
        } else {
            begin = table.readHeader(first, body);
        }
        table.readRows(body, begin);
        return table;
    }

    private static boolean isComment(String line) {
        return line.isBlank() || line.stripLeading().startsWith(COMMENT);
    }

    /** The first delimiter that splits the first lines into the same number of cells; a comma for one column. */
    private static Delimiter detectDelimiter(List<String> body, String format) {
        List<String> start = body.subList(0, Math.min(body.size(), LINES_TO_LOOK_AT));
        for (Delimiter candidate : Delimiter.values()) {
            boolean isPossible = candidate != Delimiter.BLANKS || format.equals("text");
            int cells = candidate.split(start.get(0)).size();
            if (isPossible
                    && cells > 1
                    && start.stream().allMatch(line -> candidate.split(line).size() == cells)) {
                return candidate;
            }
        }
        // Rows have different lengths: the first line decides, for the error message.
        for (Delimiter candidate : List.of(Delimiter.COMMA, Delimiter.SEMICOLON, Delimiter.TAB)) {
            if (candidate.split(start.get(0)).size() > 1) {
                return candidate;
            }
        }
        return format.equals("text") ? Delimiter.BLANKS : Delimiter.COMMA;
    }

    private static Optional<List<String>> commented(List<String> comments, int cells, Delimiter delimiter) {
        for (int i = comments.size() - 1; i >= 0; i--) {
            for (Delimiter each : List.of(delimiter, Delimiter.BLANKS)) {
                List<String> names = each.split(comments.get(i));
                if (names.size() == cells) {
                    return Optional.of(names);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether the first line is a row and not a header: it has numbers, or the second line has none. */
    private static boolean isRow(List<String> first, List<String> body, Delimiter delimiter) {
        return hasNumber(first) || body.size() < 2 || !hasNumber(delimiter.split(body.get(1)));
    }

    private static boolean hasNumber(List<String> cells) {
        return cells.stream().anyMatch(cell -> NumberText.parse(cell).isPresent());
    }

    /** @return where the rows begin; in tables of VizieR a line of units and one of dashes come before them */
    private int readHeader(List<String> names, List<String> body) {
        List<String> units = List.of();
        int begin = 1;
        if (body.size() > 1 && isRule(body.get(1))) {
            begin = 2;
        } else if (body.size() > 2 && isRule(body.get(2))) {
            units = delimiter.split(body.get(1));
            begin = 3;
        }
        if (delimiter == Delimiter.BLANKS
                && begin < body.size()
                && delimiter.split(body.get(begin)).size() == names.size() + 1) {
            columns.add(TableColumn.untyped("")); // R writes a column of row names without a header
        }
        for (int i = 0; i < names.size(); i++) {
            String unit = i < units.size() ? units.get(i) : "";
            columns.add(new TableColumn(names.get(i), Kind.UNTYPED, unit, ""));
        }
        return begin;
    }

    private static boolean isRule(String line) {
        return line.contains("---") && line.chars().allMatch(c -> c == '-' || c == '\t' || c == ' ' || c == '|');
    }

    private void readRows(List<String> body, int begin) throws IOException {
        for (int i = begin; i < body.size(); i++) {
            String row = body.get(i);
            if (delimiter != Delimiter.BLANKS) {
                int start = i;
                while (delimiter.isOpen(row)) {
                    i++;
                    if (i == body.size()) {
                        throw new IOException("a quote in row " + (rows.size() + 1) + " is not closed: "
                                + shortened(body.get(start)));
                    }
                    row = row + "\n" + body.get(i);
                }
            }
            rows.add(row);
        }
    }

    /**
     * A table of SNANA: a line {@code VARNAMES:}, and rows that begin with a key such as {@code SN:} or with nothing.
     *
     * @throws IOException with the reason, without the name of the file
     */
    static TextTable fitres(List<String> lines) throws IOException {
        TextTable table = new TextTable(Delimiter.BLANKS);
        String key = "";
        for (String line : lines) {
            if (isComment(line)) {
                continue;
            }
            List<String> words = Delimiter.BLANKS.split(line);
            String first = words.get(0);
            if (first.equals(VARIABLES)) {
                List<TableColumn> names =
                        words.stream().skip(1).map(TableColumn::untyped).toList();
                if (!table.columns.isEmpty() && !table.columns.equals(names)) {
                    throw new IOException("it has two lines " + VARIABLES + " with different names");
                }
                table.columns.clear();
                table.columns.addAll(names);
            } else if (!table.columns.isEmpty()) {
                boolean hasKey = first.endsWith(":");
                if (hasKey && key.isEmpty() && words.size() == table.columns.size() + 1) {
                    key = first;
                }
                if (!hasKey || first.equals(key)) {
                    table.rows.add(hasKey ? line.stripLeading().substring(first.length()) : line);
                }
            }
        }
        if (table.columns.isEmpty()) {
            throw new IOException("it has no line " + VARIABLES);
        }
        return table;
    }

    /** Whether the lines are a table of SNANA. */
    static boolean isFitres(List<String> lines) {
        return lines.stream()
                .filter(line -> !isComment(line))
                .limit(LINES_TO_LOOK_AT)
                .anyMatch(line -> line.stripLeading().startsWith(VARIABLES));
    }

    /**
     * A chain of CosmoMC or GetDist: weight, minus log posterior, and the parameters that {@code ROOT.paramnames}
     * names.
     *
     * @throws IOException with the reason, without the name of the file
     */
    static TextTable getDist(Path file, List<String> lines) throws IOException {
        Path names = parameterNames(file)
                .orElseThrow(() -> new IOException("a chain of GetDist needs the names of its parameters in "
                        + root(file) + ".paramnames next to it, which does not exist"));
        TextTable table = new TextTable(Delimiter.BLANKS);
        GETDIST.forEach(name -> table.columns.add(TableColumn.untyped(name)));
        for (String line : Files.readAllLines(names)) {
            if (!isComment(line)) {
                String name =
                        Delimiter.BLANKS.split(TextLines.withoutMark(line)).get(0);
                table.columns.add(
                        TableColumn.untyped(name.replaceFirst("\\*$", ""))); // derived parameters end in a star
            }
        }
        table.readRows(lines.stream().filter(line -> !isComment(line)).toList(), 0);
        return table;
    }

    private static Optional<Path> parameterNames(Path file) {
        return Optional.of(file.resolveSibling(root(file) + ".paramnames")).filter(Files::isReadable);
    }

    private static String root(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("(?i)(_\\d+)?\\.txt(\\.gz)?$", "");
    }

    /**
     * A table whose columns are known.
     *
     * @param lines the rows; comments and blank lines are skipped
     */
    static TextTable of(List<TableColumn> columns, Delimiter delimiter, List<String> lines) throws IOException {
        TextTable table = new TextTable(delimiter);
        table.columns.addAll(columns);
        table.readRows(lines.stream().filter(line -> !isComment(line)).toList(), 0);
        return table;
    }

    @Override
    public List<TableColumn> columns() {
        return columns;
    }

    @Override
    public int rows() {
        return rows.size();
    }

    @Override
    public void read(int[] positions, RowVisitor visitor) throws IOException {
        @Nullable Object[] cells = new Object[positions.length];
        for (int row = 0; row < rows.size(); row++) {
            List<String> all = delimiter.split(rows.get(row));
            while (all.size() > columns.size() && all.get(all.size() - 1).isEmpty()) {
                all.remove(all.size() - 1);
            }
            if (all.size() != columns.size()) {
                throw new IOException("row " + (row + 1) + " has " + all.size() + " values, there are " + columns.size()
                        + " columns: " + shortened(rows.get(row)));
            }
            for (int i = 0; i < cells.length; i++) {
                cells[i] = cell(columns.get(positions[i]), all.get(positions[i]), row);
            }
            visitor.row(row, cells);
        }
    }

    private static @Nullable Object cell(TableColumn column, String text, int row) throws IOException {
        if (text.isEmpty() && column.kind() != Kind.TEXT) {
            return null;
        }
        return switch (column.kind()) {
            case TEXT, UNTYPED, OTHER -> text;
            case WHOLE -> {
                try {
                    yield Long.valueOf(text);
                } catch (NumberFormatException e) {
                    throw mismatch(column, text, row, "a whole number of 64 bits");
                }
            }
            case NUMBER -> number(column, text, row);
            case SINGLE -> (double) (float) number(column, text, row);
            case FLAG ->
                switch (text.toLowerCase(Locale.ROOT)) {
                    case "true", "1" -> true;
                    case "false", "0" -> false;
                    default -> throw mismatch(column, text, row, "True or False");
                };
        };
    }

    private static double number(TableColumn column, String text, int row) throws IOException {
        return NumberText.parse(text).orElseThrow(() -> mismatch(column, text, row, "a number"));
    }

    private static IOException mismatch(TableColumn column, String text, int row, String expected) {
        return new IOException("row " + (row + 1) + " has \"" + text + "\" in column " + column.name()
                + ", but the header declares " + expected);
    }

    private static String shortened(String line) {
        int most = 60;
        return "\"" + (line.length() > most ? line.substring(0, most) + "..." : line) + "\"";
    }
}
