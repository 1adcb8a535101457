package org.astropool.internal.program;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.astropool.internal.json.LenientJson;
import org.astropool.internal.json.StrictJson;
import org.astropool.task.FailureKind;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.ProgramException;
import org.jspecify.annotations.Nullable;

/** Finds the outputs of a command in the text and files that it has written. Immutable. */
final class OutputReader {
    private static final Pattern BLANKS = Pattern.compile("[\\s,;]+");

    private final List<OutputRule> rules;
    private final List<Pattern> patterns;

    OutputReader(List<OutputRule> rules) {
        this.rules = rules;
        this.patterns =
                rules.stream().map(rule -> Pattern.compile(rule.pattern())).toList();
    }

    /**
     * Sets all outputs.
     *
     * @throws BrokenProgramException when a value is not where it should be, or is not of its type
     * @throws ProgramException when a number is NaN
     */
    void read(ScratchFolder scratch, OutputRow row) throws ProgramException {
        Map<String, String> texts = new HashMap<>();
        for (int i = 0; i < rules.size(); i++) {
            OutputRule rule = rules.get(i);
            String text = texts.get(rule.from());
            if (text == null) {
                text = text(rule, scratch);
                texts.put(rule.from(), text);
            }
            try {
                set(row, i, rule, value(i, text));
            } catch (IllegalArgumentException e) {
                throw new BrokenProgramException(
                        "output " + rule.output().name() + ": " + e.getMessage(), scratch.lastWords());
            }
        }
    }

    private static String text(OutputRule rule, ScratchFolder scratch) throws ProgramException {
        Path file = switch (rule.from()) {
            case OutputRule.STDOUT -> scratch.stdout();
            case OutputRule.STDERR -> scratch.stderr();
            default -> scratch.folder().resolve(rule.from());
        };
        try {
            return ScratchFolder.text(file);
        } catch (IOException e) {
            throw new BrokenProgramException(
                    "output " + rule.output().name() + ": the program has left no file " + rule.from()
                            + (Files.exists(file) ? " that can be read: " + e : ""),
                    scratch.lastWords());
        }
    }

    private Object value(int i, String text) {
        OutputRule rule = rules.get(i);
        if (!rule.pattern().isEmpty()) {
            return lastMatch(patterns.get(i), rule, text);
        }
        if (!rule.json().isEmpty()) {
            return member(rule, text);
        }
        String line = lastLine(text);
        String[] words = BLANKS.split(line.strip());
        int column = rule.column() == 0 ? words.length : rule.column();
        if (line.isBlank() || column > words.length) {
            throw new IllegalArgumentException("the last line of " + rule.from() + " has no column "
                    + Math.max(1, column) + "; it is: " + line.strip());
        }
        return words[column - 1];
    }

    private static Object lastMatch(Pattern pattern, OutputRule rule, String text) {
        Matcher matcher = pattern.matcher(text);
        String found = null;
        while (matcher.find()) {
            found = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
        }
        if (found == null) {
            throw new IllegalArgumentException("no match of the pattern " + pattern + " in " + rule.from()
                    + ", whose last line is: " + lastLine(text));
        }
        return found;
    }

    private static Object member(OutputRule rule, String text) {
        @Nullable Object value;
        try {
            value = document(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(rule.from() + " is not JSON: " + e.getMessage(), e);
        }
        for (String key : rule.json().split("\\.")) {
            value = value instanceof JsonObject object ? object.get(key) : null;
        }
        if (value == null) {
            throw new IllegalArgumentException("the JSON in " + rule.from() + " has no member " + rule.json());
        }
        return value;
    }

    /** The last line, or all of it. */
    private static JsonObject document(String text) {
        String line = lastLine(text).strip();
        return LenientJson.object(line.startsWith("{") && line.endsWith("}") ? line : text);
    }

    private static String lastLine(String text) {
        String last = "";
        for (String line : text.lines().toList()) {
            if (!line.isBlank()) {
                last = line;
            }
        }
        return last;
    }

    private static void set(OutputRow row, int position, OutputRule rule, Object value) throws ProgramException {
        Output output = rule.output();
        switch (output.type()) {
            case DOUBLE -> row.set(position, number(rule, value) * rule.scale());
            case LONG -> row.setLong(position, value instanceof String text ? Long.parseLong(text) : whole(value));
            case BOOLEAN -> row.setBoolean(position, flag(String.valueOf(value)));
            default -> row.setString(position, String.valueOf(value));
        }
    }

    private static double number(OutputRule rule, Object value) throws ProgramException {
        double number = LenientJson.number(rule.output(), value);
        if (Double.isNaN(number)) {
            throw new ProgramException(FailureKind.NOT_A_NUMBER, rule.output().name() + " is " + value, "");
        }
        return number;
    }

    private static long whole(Object value) {
        Long whole = StrictJson.whole(value);
        if (whole != null) {
            return whole;
        }
        throw new IllegalArgumentException(value + " is not a whole number");
    }

    private static boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "t", ".true.", "1", "yes" -> true;
            case "false", "f", ".false.", "0", "no" -> false;
            default -> throw new IllegalArgumentException("\"" + text + "\" is neither true nor false");
        };
    }
}
