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
 * What a record says of the model of a run, for those who read its points: whoever looks at a directory must not run
 * code that it names. Immutable.
 *
 * @param declaration without parameters and outputs when an earlier release has written none
 * @param jobDigest SHA-256 of the job
 * @param files the data files that the model read
 * @param listed the tasks that the model listed itself; or empty
 */
public record RecordedModel(Declaration declaration, String jobDigest, List<DataFile> files, Optional<TaskList> listed)
        implements Model {
    public RecordedModel {
        files = List.copyOf(files);
    }

    /** Whether it is known what the numbers of the points are. */
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
