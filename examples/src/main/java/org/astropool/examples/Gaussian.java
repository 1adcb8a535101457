package org.astropool.examples;

import java.util.List;
import java.util.stream.LongStream;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/**
 * A normal distribution in up to ten dimensions, to copy from and to try samplers on: with flat priors that hold it
 * all, the evidence is 1 / (volume of the priors), each mean is 0 and each standard deviation 1.
 */
public final class Gaussian implements Model {
    private static final String DIMENSIONS = "dimensions";
    private static final int MAX_DIMENSIONS = 10;

    @Override
    public String name() {
        return "gaussian";
    }

    @Override
    public String description() {
        return "a normal distribution of known mean, width and evidence";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(new ModelOption(
                DIMENSIONS,
                ModelOption.Type.INTEGER,
                2L,
                List.of(),
                "how many parameters, from 1 to " + MAX_DIMENSIONS));
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        long dimensions = options.integer(DIMENSIONS);
        if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw new OptionException(
                    DIMENSIONS, DIMENSIONS + " is " + dimensions + ", it must be from 1 to " + MAX_DIMENSIONS);
        }
        return LongStream.rangeClosed(1, dimensions)
                .mapToObj(i -> new Parameter(
                        "x" + i, "", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, "coordinate " + i))
                .toList();
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(Output.logLikelihood());
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        return (point, row, context) -> {
            double logLikelihood = 0;
            for (double x : point) {
                logLikelihood -= (x * x + Math.log(2 * Math.PI)) / 2;
            }
            row.set(0, logLikelihood);
        };
    }
}
