package org.astropool.internal.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelGraph;
import org.astropool.task.ModelGraph.Variable;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/** A normal distribution of mean 0 and sigma 1 in any number of parameters, with or without the name log_likelihood. */
public final class BellModel implements Model {
    @Override
    public String name() {
        return "bell";
    }

    @Override
    public String description() {
        return "a normal distribution";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(
                new ModelOption("dimensions", ModelOption.Type.INTEGER, 2L, List.of(), "how many parameters"),
                new ModelOption("output", ModelOption.Type.STRING, Output.LOG_LIKELIHOOD, List.of(), "its name"));
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return LongStream.rangeClosed(1, options.integer("dimensions"))
                .mapToObj(i -> new Parameter("x" + i, "", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, ""))
                .toList();
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        String name = options.string("output");
        return List.of(
                name.equals(Output.LOG_LIKELIHOOD) ? Output.logLikelihood() : Output.number(name, "", "not named"));
    }

    @Override
    public Optional<ModelGraph> graph(ModelOptions options) {
        String label = "x_{1..." + options.integer("dimensions") + "}";
        return Optional.of(new ModelGraph(
                List.of(),
                List.of(
                        Variable.latent("x", label),
                        Variable.observed("data", "0").from("x").distributed("N(x, 1)"))));
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        return (point, row, context) -> {
            double sum = 0;
            for (double x : point) {
                sum += x * x;
            }
            row.set(0, -sum / 2);
        };
    }
}
