package org.astropool.examples.supernova;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/**
 * Simulates the distance moduli of a survey of supernovae with a normal scatter: an example of a simulator whose output
 * is a vector, for training sets. The redshifts are evenly spaced from 0.01 to 1.
 */
public final class HubbleDiagramSimulator implements Model {
    private static final String SUPERNOVAE = "supernovae";
    private static final String SCATTER = "scatter";
    private static final long MOST = 100_000;
    private static final double NEAREST = 0.01;
    private static final double FARTHEST = 1;

    @Override
    public String name() {
        return "hubble-diagram-simulator";
    }

    @Override
    public String description() {
        return "simulated distance moduli of supernovae with scatter, for training sets";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(
                new ModelOption(
                        SUPERNOVAE,
                        ModelOption.Type.INTEGER,
                        100L,
                        List.of(),
                        "number of supernovae, from 2 to " + MOST),
                new ModelOption(
                        SCATTER,
                        ModelOption.Type.NUMBER,
                        0.1,
                        List.of(),
                        "standard deviation of the distance moduli, in mag"));
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return Cosmology.FLAT_WCDM.parameters();
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(new Output(
                "moduli", Output.Type.DOUBLE_VECTOR, supernovae(options), "mag", "simulated distance moduli"));
    }

    private static int supernovae(ModelOptions options) {
        long count = options.integer(SUPERNOVAE);
        if (count < 2 || count > MOST) {
            throw new OptionException(SUPERNOVAE, SUPERNOVAE + " is " + count + ", it must be from 2 to " + MOST);
        }
        return (int) count;
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        double[] redshifts = new double[supernovae(options)];
        for (int i = 0; i < redshifts.length; i++) {
            redshifts[i] = NEAREST + i * (FARTHEST - NEAREST) / (redshifts.length - 1);
        }
        DistanceModuli moduli = new DistanceModuli(redshifts, redshifts);
        double scatter = options.number(SCATTER);
        return (point, row, context) -> {
            Optional<double[]> simulated = moduli.in(Cosmology.FLAT_WCDM.expansion(point));
            if (simulated.isEmpty()) {
                row.skip("this universe has no distances to the supernovae");
                return;
            }
            RandomGenerator random = context.random(); // depends on the seed of the job and on the point alone
            double[] values = simulated.get();
            for (int i = 0; i < values.length; i++) {
                values[i] += scatter * random.nextGaussian();
            }
            row.setVector(0, values);
        };
    }
}
