package org.astropool.internal.job.run;

import java.util.List;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/** A normal likelihood in (a, b) that throws where a is below 0. */
public final class HalfBrokenModel implements Model {

    @Override
    public String name() {
        return "half-broken";
    }

    @Override
    public String description() {
        return "throws in one half";
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return SampleModel.PARAMETERS;
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(Output.logLikelihood());
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        return (point, row, context) -> {
            if (point[0] < 0) {
                throw new ArithmeticException("a must be not below 0");
            }
            row.set(0, -(point[0] * point[0] + point[1] * point[1]) / 2);
        };
    }
}
