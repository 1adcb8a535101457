package org.astropool.internal.job.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.astropool.internal.job.table.TableColumn.Kind;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * ECSV (Astropy APE 6), also with the objects of astropy that are stored as columns: quantities, masked columns, times,
 * coordinates. The metadata says how they are composed, which is not needed to read the columns.
 */
final class EcsvTable {
    private static final Pattern MAGIC = Pattern.compile("#\\s*%ECSV .*");
    private static final String META = "meta:";
    /** Names of Python classes, which are ignored. */
    private static final Pattern LOCAL_TAG = Pattern.compile("(?<=[\\s:\\[{,-])!(?:(?!!)|!python/)[^\\s,\\]}]+");

    private EcsvTable() {}

    static boolean isEcsv(List<String> lines) {
        return !lines.isEmpty() && MAGIC.matcher(lines.get(0)).matches();
    }

    /** @throws IOException with the reason, without the file */
    static TableSource read(List<String> lines) throws IOException {
        if (!isEcsv(lines)) {
            throw new IOException("its first line is not the ECSV line with the version of the format");
        }
        int end = 1;
        while (end < lines.size() && lines.get(end).startsWith("#")) {
            end++;
        }
        Map<?, ?> header = header(lines.subList(1, end));
        List<TableColumn> columns = columns(header.get("datatype"));
        Delimiter delimiter = ",".equals(header.get("delimiter")) ? Delimiter.COMMA : Delimiter.BLANKS;
        while (end < lines.size() && lines.get(end).isBlank()) {
            end++;
        }
        List<String> names = end < lines.size() ? delimiter.split(lines.get(end)) : List.of();
        if (!names.equals(columns.stream().map(TableColumn::name).toList())) {
            throw new IOException("the line of names " + names + " does not fit the columns of the header");
        }
        return TextTable.of(columns, delimiter, lines.subList(end + 1, lines.size()));
    }

    /** Without the metadata of the table. */
    private static Map<?, ?> header(List<String> lines) throws IOException {
        List<String> yaml = new ArrayList<>();
        boolean isMeta = false;
        for (String line : lines) {
            String text = line.replaceFirst("^# ?", "");
            boolean isKey = !text.isEmpty() && Character.isLetter(text.charAt(0));
            isMeta = isKey ? text.startsWith(META) : isMeta;
            if (!isMeta) {
                yaml.add(LOCAL_TAG.matcher(text).replaceAll(""));
            }
        }
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE); // thousands of columns
        try {
            return new Yaml(new SafeConstructor(options)).load(String.join("\n", yaml)) instanceof Map<?, ?> header
                    ? header
                    : Map.of();
        } catch (YAMLException e) {
            throw new IOException("its header is not YAML: " + e.getMessage(), e);
        }
    }

    private static List<TableColumn> columns(@Nullable Object datatype) throws IOException {
        List<TableColumn> columns = new ArrayList<>();
        if (datatype instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> column && column.get("name") != null) {
                    columns.add(new TableColumn(
                            text(column.get("name")),
                            kind(column),
                            text(column.get("unit")),
                            text(column.get("description"))));
                }
            }
        }
        if (columns.isEmpty()) {
            throw new IOException("its header has no list datatype with the columns");
        }
        return columns;
    }

    private static Kind kind(Map<?, ?> column) {
        String datatype = text(column.get("datatype")).toLowerCase(Locale.ROOT);
        String subtype = text(column.get("subtype"));
        if (subtype.contains("[")) {
            return Kind.OTHER;
        }
        if (datatype.startsWith("int") || datatype.startsWith("uint")) {
            return Kind.WHOLE;
        }
        if (datatype.equals("float32")) {
            return Kind.SINGLE;
        }
        if (datatype.startsWith("float")) {
            return Kind.NUMBER;
        }
        return switch (datatype) {
            case "bool" -> Kind.FLAG;
            case "string" -> subtype.isEmpty() || subtype.equals("string") ? Kind.TEXT : Kind.OTHER;
            default -> Kind.OTHER;
        };
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString().strip();
    }
}
