package org.example;

import java.util.List;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/** A model of a user's own. */
public final class Parabola implements Model {

    @Override
    public String name() {
        return "parabola";
    }

    @Override
    public String description() {
        return "a parabola";
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return List.of(new Parameter("x", "", -10, 10, "where"));
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(Output.logLikelihood());
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        return (point, row, context) -> row.set(0, -point[0] * point[0]);
    }
}
