package org.astropool.internal.program;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.astropool.internal.json.LenientJson;
import org.astropool.internal.json.NumberText;
import org.astropool.internal.json.StrictJson;
import org.astropool.internal.model.FileDigest;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/** The first line of a co-process, which declares its inputs and outputs. Stateless. */
final class ProgramHello {
    private static final int VERSION = 1;
    private static final String KEY = "astropool";
    private static final List<String> HELLO_KEYS = List.of("\"" + KEY + "\"", "\"parameters\"", "\"outputs\"");

    private ProgramHello() {}

    /** Whether a line is meant to be the hello; a program may print other text before it. */
    static boolean isMeantBy(String line) {
        return line.startsWith("{") && HELLO_KEYS.stream().anyMatch(line::contains);
    }

    /**
     * Reads the line.
     *
     * @param name for a program that gives itself none
     * @param directory that names of files are relative to
     * @throws BrokenProgramException when it is not such a line
     */
    static Declaration read(String line, String name, Path directory) throws BrokenProgramException {
        try {
            JsonObject hello = object(line);
            if (whole(hello, KEY, 0) != VERSION) {
                throw broken(line, "it has no \"" + KEY + "\": " + VERSION);
            }
            List<Parameter> parameters = new ArrayList<>();
            for (Object each : list(hello, "parameters")) {
                parameters.add(parameter(each));
            }
            List<Output> outputs = new ArrayList<>();
            for (Object each : list(hello, "outputs")) {
                outputs.add(output(each));
            }
            int batch = whole(hello, "batch", 1);
            if (parameters.isEmpty() || outputs.isEmpty() || batch < 1) {
                throw broken(line, "it needs at least one parameter, one output, and a batch of 1 or more");
            }
            return new Declaration(
                    text(hello, "name", name),
                    text(hello, "description", ""),
                    parameters,
                    outputs,
                    batch,
                    files(list(hello, "files"), directory),
                    text(hello, "version", ""));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw broken(line, String.valueOf(e.getMessage()));
        }
    }

    private static BrokenProgramException broken(String line, String why) {
        String start = line.length() > 200 ? line.substring(0, 200) + "..." : line;
        return new BrokenProgramException(
                "the first line of the program is not a hello as described in docs/co-process.md: " + why + ". It was: "
                        + start,
                "");
    }

    /** A file is a name, whose digest is taken here, or an object with a name and a digest or the path of the file. */
    private static Map<String, String> files(JsonArray list, Path directory) {
        Map<String, String> files = new TreeMap<>();
        for (Object each : list) {
            JsonObject file = each instanceof String path
                    ? JsonObject.builder().value("path", path).done()
                    : object(each, "file");
            String path = text(file, "path", text(file, "name", ""));
            String digest = text(file, "sha256", "");
            files.put(text(file, "name", "file " + path), digest.isEmpty() ? digest(path, directory) : digest);
        }
        return files;
    }

    private static String digest(String path, Path directory) {
        Path file = directory.resolve(path);
        if (!Files.isRegularFile(file)) { // nor is a pipe read
            throw new IllegalArgumentException("\"files\" names " + file + ", which "
                    + (Files.exists(file) ? "is not a regular file" : "does not exist"));
        }
        return FileDigest.of(file);
    }

    private static JsonObject object(String line) {
        try {
            return LenientJson.object(line);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + "; standard output is only for answers", e);
        }
    }

    private static int whole(JsonObject object, String key, int otherwise) {
        Long value = object.containsKey(key) ? StrictJson.whole(object.get(key)) : Long.valueOf(otherwise);
        if (value == null || value != value.intValue()) {
            throw new IllegalArgumentException("\"" + key + "\" is " + object.get(key) + ", it must be a whole number");
        }
        return value.intValue();
    }

    private static String text(JsonObject object, String key, String otherwise) {
        Object value = object.get(key);
        if (value != null && !(value instanceof String)) {
            throw new IllegalArgumentException("\"" + key + "\" is " + value + ", it must be a string");
        }
        return value == null ? otherwise : (String) value;
    }

    /** An infinity is a string, as in answers. */
    private static double number(JsonObject object, String key, double otherwise) {
        Object value = object.get(key);
        if (value instanceof Number number) {
            return StrictJson.number(number);
        }
        if (value instanceof String text) {
            return NumberText.parse(text);
        }
        if (value != null) {
            throw new IllegalArgumentException("\"" + key + "\" is " + value + ", it must be a number");
        }
        return otherwise;
    }

    private static JsonArray list(JsonObject hello, String key) {
        return hello.get(key) instanceof JsonArray list ? list : new JsonArray();
    }

    private static Parameter parameter(Object declared) {
        if (declared instanceof String name) {
            return new Parameter(name, "", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, "");
        }
        JsonObject object = object(declared, "parameter");
        return new Parameter(
                text(object, "name", ""),
                text(object, "unit", ""),
                number(object, "from", Double.NEGATIVE_INFINITY),
                number(object, "to", Double.POSITIVE_INFINITY),
                text(object, "description", ""),
                object.containsKey("default") ? Double.valueOf(number(object, "default", Double.NaN)) : null);
    }

    private static Output output(Object declared) {
        if (declared instanceof String name) {
            return name.equals(Output.LOG_LIKELIHOOD) ? Output.logLikelihood() : Output.number(name, "", "");
        }
        JsonObject object = object(declared, "output");
        String name = text(object, "name", "");
        int length = whole(object, "length", 0);
        Output.Type type = length > 0 ? Output.Type.DOUBLE_VECTOR : type(text(object, "type", "double"), name);
        return new Output(
                name,
                type,
                Math.max(1, length),
                text(object, "unit", ""),
                text(
                        object,
                        "description",
                        name.equals(Output.LOG_LIKELIHOOD)
                                ? Output.logLikelihood().description()
                                : ""));
    }

    static Output.Type type(String label, String output) {
        return switch (label.toLowerCase(Locale.ROOT)) {
            case "double" -> Output.Type.DOUBLE;
            case "long" -> Output.Type.LONG;
            case "boolean" -> Output.Type.BOOLEAN;
            case "string" -> Output.Type.STRING;
            default ->
                throw new IllegalArgumentException("output \"" + output + "\" is of type \"" + label
                        + "\"; there are double, long, boolean, string, and double with a length");
        };
    }

    private static JsonObject object(Object declared, String what) {
        if (declared instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException("a " + what + " is a name, or an object with \"name\", not " + declared);
    }
}
