package org.astropool.internal.job.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.table.TextLines;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * The values of a job file as maps and lists, with environment variables substituted and the settings of the command
 * line applied, and the position of each value.
 */
public final class TomlDocument {
    /** A variable; or an escaped one: two dollars and a brace, for texts that contain these characters. */
    private static final Pattern VARIABLE =
            Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\\}");

    private static final String ESCAPED = "$${";
    private static final String UNESCAPED = "${";
    private static final Pattern STRUCTURED = Pattern.compile("[\"'\\[{].*", Pattern.DOTALL);

    private final String file;
    private final Map<String, String> environment;
    private final Map<String, Object> root;
    private final Map<List<String>, String> places = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private TomlDocument(String file, Map<String, String> environment, TomlTable table) {
        this.file = file;
        this.environment = environment;
        this.root = copyTable(table, List.of());
    }

    /** Escapes a text so that a job file takes it literally. */
    static String escaped(String text) {
        return text.replace(UNESCAPED, ESCAPED);
    }

    /** @throws JobException when the file cannot be read, is no TOML, or names variables that are not set */
    static TomlDocument read(Path path, List<Setting> settings, Map<String, String> environment) throws JobException {
        return read("job file", path, settings, environment);
    }

    /**
     * The same for any kind of file.
     *
     * @param kind for messages
     */
    public static TomlDocument read(String kind, Path path, List<Setting> settings, Map<String, String> environment)
            throws JobException {
        String file = path.getFileName().toString();
        TomlParseResult toml;
        try {
            toml = Toml.parse(TextLines.withoutMark(text(kind, path, file)));
        } catch (NoSuchFileException e) {
            throw new JobException(kind + " " + path + " does not exist");
        } catch (IOException e) {
            throw new JobException(kind + " " + path + " cannot be read: " + e);
        }
        if (toml.hasErrors()) {
            throw new JobException(
                    toml.errors().stream().map(e -> describe(file, e)).toList());
        }
        TomlDocument tree = new TomlDocument(file, environment, toml);
        settings.forEach(tree::apply);
        if (!tree.problems.isEmpty()) {
            throw new JobException(tree.problems);
        }
        return tree;
    }

    private static String text(String kind, Path path, String file) throws IOException, JobException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(bytes, text, true);
        text.flip();
        boolean isUtf16 = text.chars().anyMatch(character -> character == 0)
                || (result.isError() && bytes.position() == 0 && Byte.toUnsignedInt(bytes.get(0)) >= 0xFE);
        if (isUtf16) {
            throw new JobException(file + " line 1: this is UTF-16 or not text; save the " + kind + " as UTF-8,"
                    + " for instance with: iconv -f UTF-16 -t UTF-8 " + file);
        }
        if (result.isError()) {
            long line = 1 + text.chars().filter(character -> character == '\n').count();
            throw new JobException(file + " line " + line + ": the byte 0x"
                    + Integer.toHexString(Byte.toUnsignedInt(bytes.get(bytes.position())))
                    + " is not UTF-8; save the " + kind + " as UTF-8, for instance with: iconv -f LATIN1"
                    + " -t UTF-8 " + file);
        }
        return text.toString();
    }

    public Map<String, Object> root() {
        return root;
    }

    public SourcePositions origin() {
        return new SourcePositions(file, places);
    }

    private static String describe(String file, TomlParseError error) {
        return file + " line " + error.position().line() + ": " + error.getMessage();
    }

    private Map<String, Object> copyTable(TomlTable table, List<String> path) {
        Map<String, Object> copy = new LinkedHashMap<>();
        for (String key : table.keySet()) {
            List<String> keyPath = append(path, key);
            TomlPosition position = table.inputPositionOf(List.of(key));
            if (position != null) {
                places.put(keyPath, file + " line " + position.line());
            }
            copy.put(key, copyValue(table.get(List.of(key)), keyPath));
        }
        return copy;
    }

    private Object copyValue(Object value, List<String> path) {
        if (value instanceof TomlTable table) {
            return copyTable(table, path);
        }
        if (value instanceof TomlArray array) {
            return array.toList().stream()
                    .map(element -> copyValue(element, path))
                    .toList();
        }
        return value instanceof String text ? substitute(text, path) : value;
    }

    private String substitute(String text, List<String> path) {
        Matcher matcher = VARIABLE.matcher(text);
        return matcher.replaceAll(match -> {
            if (match.group().equals(ESCAPED)) {
                return Matcher.quoteReplacement(UNESCAPED);
            }
            String value = environment.get(match.group(1));
            if (value == null && match.group(2) != null) {
                value = match.group(2).replace(ESCAPED, UNESCAPED);
            }
            if (value == null) {
                problems.add(place(path) + ": the environment variable " + match.group(1)
                        + " is not set; set it, or write ${" + match.group(1) + ":-default}; $" + match.group()
                        + " gives these characters literally");
                value = "";
            }
            return Matcher.quoteReplacement(value);
        });
    }

    private void apply(Setting setting) {
        List<String> path;
        try {
            path = Toml.parseDottedKey(setting.key());
        } catch (IllegalArgumentException e) {
            problems.add(setting.option() + ": not a dotted key: " + e.getMessage());
            return;
        }
        Map<String, Object> table = root;
        for (String key : path.subList(0, path.size() - 1)) {
            Object next = table.computeIfAbsent(key, k -> new LinkedHashMap<String, Object>());
            if (!(next instanceof Map<?, ?>)) {
                problems.add(setting.option() + ": " + key + " is a value, not a table");
                return;
            }
            @SuppressWarnings("unchecked") // all maps of the tree are made here
            Map<String, Object> nextTable = (Map<String, Object>) next;
            table = nextTable;
        }
        places.keySet()
                .removeIf(place -> place.size() > path.size()
                        && place.subList(0, path.size()).equals(path));
        places.put(List.copyOf(path), setting.option());
        table.put(path.get(path.size() - 1), settingValue(setting, path));
    }

    private Object settingValue(Setting setting, List<String> path) {
        TomlParseResult toml = Toml.parse("value = " + setting.value());
        if (!toml.hasErrors() && toml.size() == 1) {
            // The keys of an inline table have no line in the file; they have the position of the option.
            return withoutPlaces(toml.get("value"), path);
        }
        if (STRUCTURED.matcher(setting.value()).matches()) {
            problems.add(setting.option() + ": the value is no TOML: "
                    + toml.errors().get(0).getMessage());
        }
        return setting.value();
    }

    private Object withoutPlaces(Object value, List<String> path) {
        Map<List<String>, String> before = new HashMap<>(places);
        Object copy = copyValue(value, path);
        places.clear();
        places.putAll(before);
        return copy;
    }

    private String place(List<String> path) {
        return places.getOrDefault(path, file);
    }

    private static List<String> append(List<String> path, String key) {
        List<String> longer = new ArrayList<>(path);
        longer.add(key);
        return List.copyOf(longer);
    }
}
