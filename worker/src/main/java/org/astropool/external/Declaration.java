package org.astropool.external;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/**
 * What a program takes and gives. Immutable.
 *
 * @param name {@code [a-z0-9.-]+}
 * @param description one line, or ""
 * @param parameters in the order of a point's values
 * @param outputs in the order of a result's values
 * @param batch how many points the program likes to be given at once; at least 1
 */
public record Declaration(String name, String description, List<Parameter> parameters, List<Output> outputs, int batch)
        implements Serializable {
    private static final long serialVersionUID = 1;

    public Declaration {
        parameters = List.copyOf(parameters);
        outputs = List.copyOf(outputs);
    }

    List<String> parameterNames() {
        return parameters.stream().map(Parameter::name).toList();
    }

    /** What results depend on, in words. */
    public List<String> identity() {
        List<String> words = new ArrayList<>(List.of("batch " + batch));
        parameters.forEach(parameter -> words.add("parameter " + parameter.name()));
        outputs.forEach(output -> words.add("output " + output.name() + " " + output.type() + " " + output.length()));
        return words;
    }
}
