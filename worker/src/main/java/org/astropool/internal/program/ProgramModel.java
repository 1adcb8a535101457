package org.astropool.internal.program;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.astropool.internal.model.EvaluatedElsewhere;
import org.astropool.internal.model.ModelException;
import org.astropool.internal.model.ModelSource;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/** A program as a model, which is sent to the workers as a description of what to start. Immutable. */
public abstract class ProgramModel implements Model, ModelSource, EvaluatedElsewhere {
    private static final long serialVersionUID = 1;

    private final ProgramSpec spec;
    private final Declaration declaration;

    private final TreeMap<String, String> files;

    ProgramModel(ProgramSpec spec, Declaration declaration, Map<String, String> files) {
        this.spec = spec;
        this.declaration = declaration;
        this.files = new TreeMap<>(files);
    }

    /**
     * Digests of the files that the command line names, as they are now.
     *
     * @throws UncheckedIOException when one cannot be read
     */
    public SortedMap<String, String> digests() {
        return ProgramFiles.digests(spec, !declaration.tellsFiles());
    }

    /** The same for the interpreter of the program, which changes with updates of the system. */
    public SortedMap<String, String> interpreters() {
        return ProgramFiles.interpreters(spec);
    }

    /** The same model, which workers refuse if they find other files than these. */
    public abstract ProgramModel withFiles(Map<String, String> digests);

    SortedMap<String, String> files() {
        return files;
    }

    /** What differs in this process from the files of {@link #withFiles}; "" for nothing. */
    String fileDifferences() {
        return differences(spec, declaration, files);
    }

    static String differences(ProgramSpec spec, Declaration declaration, Map<String, String> files) {
        try {
            return files.isEmpty() ? "" : ProgramFiles.differences(spec, !declaration.tellsFiles(), files);
        } catch (UncheckedIOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** What is started, and how. */
    public ProgramSpec spec() {
        return spec;
    }

    /** Its inputs and outputs. */
    public Declaration declaration() {
        return declaration;
    }

    /** An evaluator that reports what it does. */
    public abstract Evaluator evaluator(ProgramTrace trace);

    @Override
    public Model load() {
        return this;
    }

    @Override
    public String modelName() {
        return declaration.name();
    }

    @Override
    public String name() {
        return declaration.name();
    }

    @Override
    public String description() {
        return declaration.description();
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return declaration.parameters();
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return declaration.outputs();
    }

    @Override
    public int batchSize(ModelOptions options) {
        return declaration.batch();
    }

    @Override
    public boolean threadSafe(ModelOptions options) {
        return false;
    }

    @Override
    public Evaluator prepare(ModelOptions options) throws ModelException {
        return evaluator(ProgramTrace.NONE);
    }
}
