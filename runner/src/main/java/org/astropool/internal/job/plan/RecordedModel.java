package org.astropool.internal.job.plan;

import java.util.List;
import java.util.Optional;
import org.astropool.internal.program.Declaration;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.astropool.task.TaskList;

/**
 * The model of a run as its record describes it. Used to read points, since reading a directory must not run code that
 * the directory names. Immutable.
 *
 * @param declaration without parameters and outputs when the record was written by an earlier release
 * @param jobDigest SHA-256 of the job
 * @param files the data files that the model read
 * @param listed the tasks that the model listed itself; or empty
 */
public record RecordedModel(Declaration declaration, String jobDigest, List<DataFile> files, Optional<TaskList> listed)
        implements Model {
    public RecordedModel {
        files = List.copyOf(files);
    }

    /** Whether the outputs are known. */
    public boolean isDeclared() {
        return !declaration.outputs().isEmpty();
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
    public Optional<TaskList> tasks(ModelOptions options) {
        return listed;
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        throw new IllegalStateException("the model " + name() + " is only known from the record of a run");
    }
}
