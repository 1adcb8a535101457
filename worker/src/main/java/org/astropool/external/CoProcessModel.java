package org.astropool.external;

import java.io.IOException;
import java.util.List;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.ModelSource;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.astropool.task.ProgramException;

/**
 * A program that is started once a slot, reads points and writes results, line by line (docs/co-process.md). It travels
 * as its command line and what the program has said of itself. Immutable.
 */
public final class CoProcessModel implements Model, ModelSource {
    private static final long serialVersionUID = 1;

    private final ProgramSpec spec;
    private final Declaration declaration;

    /** @param declaration what the program says of itself */
    public CoProcessModel(ProgramSpec spec, Declaration declaration) {
        this.spec = spec;
        this.declaration = declaration;
    }

    /**
     * Starts the program, and asks it what it takes and gives.
     *
     * @param name for a program that gives itself none
     * @throws ProgramException when it cannot be started, or says something else
     */
    public static Declaration ask(ProgramSpec spec, String name) throws ProgramException {
        ProgramSpec silent = spec.withoutLogs();
        try (Keeper keeper = CoProcessEvaluator.keeper(spec);
                ProgramLog log = ProgramLog.create(silent.logs())) {
            CoProcess program = CoProcessEvaluator.start(silent, keeper, log, ProgramTrace.NONE);
            try {
                return Hello.read(program.hello(spec.startMillis()), name);
            } finally {
                program.close();
            }
        } catch (IOException e) {
            throw new BrokenProgramException("the program cannot be started: " + e, "");
        }
    }

    /** The same that writes no files. */
    public CoProcessModel withoutLogs() {
        return new CoProcessModel(spec.withoutLogs(), declaration);
    }

    public ProgramSpec spec() {
        return spec;
    }

    public Declaration declaration() {
        return declaration;
    }

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

    /** An evaluator that tells what it does. */
    public Evaluator evaluator(ProgramTrace trace) {
        return new CoProcessEvaluator(spec, declaration, trace);
    }
}
