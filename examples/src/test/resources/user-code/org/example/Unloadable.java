package org.example;

import java.util.List;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/** A model that cannot even be made. */
public final class Unloadable implements Model {

    public Unloadable() {
        throw new IllegalStateException("the licence has expired");
    }

    @Override
    public String name() {
        return "unloadable";
    }

    @Override
    public String description() {
        return "cannot be loaded";
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return List.of();
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of();
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        throw new UnsupportedOperationException();
    }
}
