package org.astropool.external;

import java.util.List;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.ModelSource;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/** A program as a model, which travels to the workers as what is to be started. Immutable. */
abstract class ProgramModel implements Model, ModelSource {
    private static final long serialVersionUID = 1;

    private final ProgramSpec spec;
    private final Declaration declaration;

    ProgramModel(ProgramSpec spec, Declaration declaration) {
        this.spec = spec;
        this.declaration = declaration;
    }

    /** What is started, and how. */
    public ProgramSpec spec() {
        return spec;
    }

    /** What it takes and gives. */
    public Declaration declaration() {
        return declaration;
    }

    /** An evaluator that tells what it does. */
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
    public Evaluator prepare(ModelOptions options) {
        return evaluator(ProgramTrace.NONE);
    }
}
