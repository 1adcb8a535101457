package org.astropool.internal.program;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.astropool.internal.model.ModelFiles;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/**
 * The inputs and outputs of a program. Immutable.
 *
 * @param name {@code [a-z0-9.-]+}
 * @param description one line, or ""
 * @param parameters in the order of a point's values
 * @param outputs in the order of a result's values
 * @param batch how many points the program prefers to be given at once; at least 1
 * @param files digests of the files that it says it consists of, by their names
 * @param version that it gives itself, or ""
 */
public record Declaration(
        String name,
        String description,
        List<Parameter> parameters,
        List<Output> outputs,
        int batch,
        Map<String, String> files,
        String version)
        implements Serializable {
    private static final long serialVersionUID = 1;

    public Declaration {
        parameters = List.copyOf(parameters);
        outputs = List.copyOf(outputs);
        files = new TreeMap<>(files);
    }

    /** The declaration of a program that does not list its files. */
    public Declaration(String name, String description, List<Parameter> parameters, List<Output> outputs, int batch) {
        this(name, description, parameters, outputs, batch, Map.of(), "");
    }

    /** Whether the program says which modules it has imported, so that they need not be searched. */
    boolean tellsFiles() {
        return !files.isEmpty();
    }

    /** How the files that the program lists here differ; data that it has read only once may be missing. */
    String differences(Declaration here) {
        Map<String, String> expected = new TreeMap<>(files);
        expected.keySet().removeIf(name -> name.startsWith(ProgramFiles.DATA) && !here.files.containsKey(name));
        here.files.keySet().stream()
                .filter(name -> !name.startsWith(ProgramFiles.DATA))
                .forEach(name -> expected.putIfAbsent(name, "missing"));
        expected.put("its version", "\"" + version + "\"");
        Map<String, String> found = new TreeMap<>(here.files);
        found.put("its version", "\"" + here.version + "\"");
        return ModelFiles.differences(expected, found);
    }

    List<String> parameterNames() {
        return parameters.stream().map(Parameter::name).toList();
    }

    /** What results depend on, as text. */
    public List<String> identity() {
        List<String> words = new ArrayList<>(List.of("batch " + batch));
        parameters.forEach(parameter -> words.add("parameter " + parameter.name()));
        outputs.forEach(output -> words.add("output " + output.name() + " " + output.type() + " " + output.length()));
        return words;
    }
}
