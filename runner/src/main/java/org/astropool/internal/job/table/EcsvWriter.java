package org.astropool.internal.job.table;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.ColumnInfo;
import uk.ac.starlink.table.DescribedValue;
import uk.ac.starlink.table.RowSequence;
import uk.ac.starlink.table.StarTable;
import uk.ac.starlink.table.StreamStarTableWriter;
import uk.ac.starlink.table.Tables;

/**
 * Writes ECSV 1.0 (Astropy APE 6), delimited by spaces.
 *
 * <p>Used instead of STIL's own writer, which leaves a NaN empty, so that it cannot be distinguished from an absent
 * value; which writes "?" for each character outside ASCII; and which writes the strings "yes" and "1.0" of the
 * metadata without quotes, so that they are read back as a boolean and a number.
 */
final class EcsvWriter extends StreamStarTableWriter {
    private static final String EMPTY = "\"\"";

    @Override
    public String getFormatName() {
        return "ECSV";
    }

    @Override
    public String getMimeType() {
        return "text/plain";
    }

    @Override
    public boolean looksLikeFile(String location) {
        return location.endsWith(".ecsv");
    }

    @Override
    public void writeStarTable(StarTable table, OutputStream stream) throws IOException {
        Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
        ColumnInfo[] columns = Tables.getColumnInfos(table);
        out.write("# %ECSV 1.0\n# ---\n# datatype:\n");
        for (ColumnInfo column : columns) {
            out.write("# - " + declaration(column) + "\n");
        }
        writeMetadata(table.getParameters(), out);
        writeRow(Arrays.stream(columns).map(ColumnInfo::getName).toArray(), out);
        try (RowSequence rows = table.getRowSequence()) {
            while (rows.next()) {
                writeRow(rows.getRow(), out);
            }
        }
        out.flush();
    }

    private static String declaration(ColumnInfo column) {
        StringJoiner fields = new StringJoiner(", ", "{", "}");
        fields.add("name: " + quoted(column.getName()));
        fields.add(datatype(column));
        addText(fields, "unit", column.getUnitString());
        addText(fields, "description", column.getDescription());
        List<DescribedValue> notes = column.getAuxData();
        if (!notes.isEmpty()) {
            StringJoiner meta = new StringJoiner(", ", "meta: {", "}");
            notes.forEach(note -> meta.add(note.getInfo().getName() + ": " + yaml(note.getValue())));
            fields.add(meta.toString());
        }
        return fields.toString();
    }

    private static void addText(StringJoiner fields, String key, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            fields.add(key + ": " + quoted(text));
        }
    }

    private static String datatype(ColumnInfo column) {
        Class<?> type = column.getContentClass();
        if (type == double[].class) {
            return "datatype: string, subtype: " + quoted("float64[" + column.getShape()[0] + "]");
        }
        if (type == Double.class) {
            return "datatype: float64";
        }
        if (type == Long.class) {
            return "datatype: int64";
        }
        if (type == Integer.class) {
            return "datatype: int32";
        }
        if (type == Boolean.class) {
            return "datatype: bool";
        }
        if (type == String.class) {
            return "datatype: string";
        }
        throw new IllegalArgumentException("column " + column.getName() + " is of " + type);
    }

    private static void writeMetadata(List<DescribedValue> metadata, Writer out) throws IOException {
        if (!metadata.isEmpty()) {
            out.write("# meta:\n");
        }
        for (DescribedValue entry : metadata) {
            out.write("#   " + entry.getInfo().getName() + ": " + yaml(entry.getValue()) + "\n");
        }
    }

    private static String yaml(Object value) {
        if (value instanceof int[] numbers) {
            return Arrays.toString(numbers);
        }
        if (value instanceof Double number) {
            // YAML 1.1 reads 1.0E+10 as a number, but 1.0E10 as a string
            return number.toString().replaceFirst("E(?=[0-9])", "E+");
        }
        return value instanceof String text ? quoted(text) : value.toString();
    }

    /** A YAML string in double quotes: never read as another type, and in ASCII, as required by the reader of STIL. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c >= ' ' && c < 0x7f) {
                quoted.append((char) c);
            } else {
                quoted.append(String.format(c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
            }
        });
        return quoted.append('"').toString();
    }

    private static void writeRow(@Nullable Object[] row, Writer out) throws IOException {
        for (int i = 0; i < row.length; i++) {
            if (i > 0) {
                out.write(' ');
            }
            out.write(cell(row[i]));
        }
        out.write('\n');
    }

    private static String cell(@Nullable Object value) {
        if (value instanceof Double number) {
            return CellText.of(number);
        }
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof double[] vector) {
            return cell(CellText.json(vector));
        }
        if (value instanceof String text) {
            return text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c == '"')
                    ? '"' + text.replace("\"", "\"\"") + '"'
                    : text;
        }
        return value == null ? EMPTY : value.toString();
    }
}
