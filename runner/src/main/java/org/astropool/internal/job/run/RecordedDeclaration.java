package org.astropool.internal.job.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.astropool.internal.job.config.Section;
import org.astropool.internal.program.Declaration;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/**
 * The declaration of a program in the record of its run, so that the results can be read without starting the program.
 * Stateless.
 */
final class RecordedDeclaration {
    private RecordedDeclaration() {}

    static Map<String, Object> of(Declaration declaration) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (Parameter parameter : declaration.parameters()) {
            Map<String, Object> recorded = new TreeMap<>(Map.of(
                    "unit",
                    parameter.unit(),
                    "description",
                    parameter.description(),
                    "from",
                    parameter.from(),
                    "to",
                    parameter.to()));
            if (parameter.defaultValue() != null) {
                recorded.put("default", parameter.defaultValue());
            }
            parameters.put(parameter.name(), recorded);
        }
        Map<String, Object> outputs = new LinkedHashMap<>();
        for (Output output : declaration.outputs()) {
            outputs.put(
                    output.name(),
                    Map.of(
                            "type",
                            output.type().name().toLowerCase(Locale.ROOT),
                            "length",
                            (long) output.length(),
                            "unit",
                            output.unit(),
                            "description",
                            output.description()));
        }
        Map<String, Object> recorded = new LinkedHashMap<>();
        recorded.put("name", declaration.name());
        recorded.put("description", declaration.description());
        recorded.put("batch", (long) declaration.batch());
        // JSON objects have no order, but columns do.
        recorded.put("parameter_order", List.copyOf(parameters.keySet()));
        recorded.put("output_order", List.copyOf(outputs.keySet()));
        recorded.put("parameters", parameters);
        recorded.put("outputs", outputs);
        return recorded;
    }

    static Declaration read(Section recorded) {
        List<Parameter> parameters = new ArrayList<>();
        Section ofParameters = recorded.section("parameters");
        for (String name : recorded.strings("parameter_order").orElse(List.of())) {
            Section each = ofParameters.section(name);
            parameters.add(new Parameter(
                    name,
                    each.string("unit").orElse(""),
                    each.number("from").orElse(Double.NEGATIVE_INFINITY),
                    each.number("to").orElse(Double.POSITIVE_INFINITY),
                    each.string("description").orElse(""),
                    each.number("default").isPresent() ? each.number("default").get() : null));
        }
        List<Output> outputs = new ArrayList<>();
        Section ofOutputs = recorded.section("outputs");
        for (String name : recorded.strings("output_order").orElse(List.of())) {
            Section each = ofOutputs.section(name);
            outputs.add(new Output(
                    name,
                    Output.Type.valueOf(each.string("type").orElse("double").toUpperCase(Locale.ROOT)),
                    each.count("length", 1).orElse(1),
                    each.string("unit").orElse(""),
                    each.string("description").orElse("")));
        }
        return new Declaration(
                recorded.string("name").orElse(""),
                recorded.string("description").orElse(""),
                parameters,
                outputs,
                recorded.count("batch", 1).orElse(1));
    }
}
