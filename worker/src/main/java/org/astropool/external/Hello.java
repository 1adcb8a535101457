package org.astropool.external;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/** The first line of a co-process: what it takes and gives. Stateless. */
final class Hello {
    private static final int VERSION = 1;
    private static final String KEY = "astropool";

    private Hello() {}

    /**
     * Reads the line.
     *
     * @param name for a program that gives itself none
     * @throws BrokenProgramException when it is none
     */
    static Declaration read(String line, String name) throws BrokenProgramException {
        try {
            JsonObject hello = JsonText.object(line);
            if (hello.getInt(KEY, 0) != VERSION) {
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
            int batch = hello.getInt("batch", 1);
            if (parameters.isEmpty() || outputs.isEmpty() || batch < 1) {
                throw broken(line, "it needs at least one parameter, one output, and a batch of 1 or more");
            }
            return new Declaration(
                    hello.getString("name", name), hello.getString("description", ""), parameters, outputs, batch);
        } catch (JsonParserException e) {
            throw broken(line, e.getMessage() + "; standard output is for answers alone");
        } catch (IllegalArgumentException e) {
            throw broken(line, String.valueOf(e.getMessage()));
        }
    }

    private static BrokenProgramException broken(String line, String why) {
        String start = line.length() > 200 ? line.substring(0, 200) + "..." : line;
        return new BrokenProgramException(
                "the first line of the program is no hello as in docs/co-process.md: " + why + ". It was: " + start,
                "");
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
                object.getString("name", ""),
                object.getString("unit", ""),
                object.getDouble("from", Double.NEGATIVE_INFINITY),
                object.getDouble("to", Double.POSITIVE_INFINITY),
                object.getString("description", ""));
    }

    private static Output output(Object declared) {
        if (declared instanceof String name) {
            return name.equals(Output.LOG_LIKELIHOOD) ? Output.logLikelihood() : Output.number(name, "", "");
        }
        JsonObject object = object(declared, "output");
        String name = object.getString("name", "");
        int length = object.getInt("length", 0);
        Output.Type type = length > 0 ? Output.Type.DOUBLE_VECTOR : type(object.getString("type", "double"), name);
        return new Output(
                name,
                type,
                Math.max(1, length),
                object.getString("unit", ""),
                object.getString(
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
