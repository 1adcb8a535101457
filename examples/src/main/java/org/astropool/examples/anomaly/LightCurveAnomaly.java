package org.astropool.examples.anomaly;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.astropool.examples.hierarchical.ResultTable;
import org.astropool.examples.lightcurve.LightCurveFeatures;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.astropool.task.TaskList;

/**
 * The model {@code light-curve-anomaly}: how unusual the light curves of a supernova are among those of all, by an
 * {@link IsolationForest} over the table that {@code light-curve-features} wrote. It lists its own tasks, the
 * supernovae of that table that have features, and has no parameters. Each process grows the same forest.
 */
public final class LightCurveAnomaly implements Model {
    private static final String FEATURES = "features";
    private static final String TREES = "trees";
    private static final String SAMPLE = "sample";
    private static final String SEED = "seed";

    private static final int MOST_TREES = 100_000;
    private static final int LARGEST_SAMPLE = 1_000_000;
    private static final int FEWEST_SUPERNOVAE = 2;

    /** A supernova of the table. */
    private record Described(String name, String survey, double[] features) {}

    @Override
    public String name() {
        return "light-curve-anomaly";
    }

    @Override
    public String description() {
        return "how unusual light curves of supernovae are, by an isolation forest over their features";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(
                new ModelOption(
                        FEATURES,
                        ModelOption.Type.PATH,
                        null,
                        List.of(),
                        "the table that a job of light-curve-features wrote"),
                new ModelOption(
                        TREES, ModelOption.Type.INTEGER, 1000L, List.of(), "number of trees, from 1 to " + MOST_TREES),
                new ModelOption(
                        SAMPLE,
                        ModelOption.Type.INTEGER,
                        256L,
                        List.of(),
                        "number of supernovae of which each tree is made, from 2 to " + LARGEST_SAMPLE),
                new ModelOption(SEED, ModelOption.Type.INTEGER, 1L, List.of(), "seed of the forest"));
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        checkRange(options, TREES, 1, MOST_TREES);
        checkRange(options, SAMPLE, 2, LARGEST_SAMPLE);
        return List.of();
    }

    private static void checkRange(ModelOptions options, String name, int least, int most) {
        long value = options.integer(name);
        if (value < least || value > most) {
            throw new OptionException(name, name + " is " + value + ", it must be from " + least + " to " + most);
        }
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(
                Output.number("score", "", "how unusual, from 0 to 1; ordinary ones are below 0.5"),
                new Output("rank", Output.Type.LONG, 1, "", "1 for the most unusual supernova"));
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        return List.of(options.path(FEATURES));
    }

    /** @throws DataFileException when the table is missing or is not one of features */
    @Override
    public Optional<TaskList> tasks(ModelOptions options) throws IOException {
        TaskList tasks = new TaskList(List.of(
                new Output("supernova", Output.Type.STRING, 1, "", "name of the supernova"),
                new Output("survey", Output.Type.STRING, 1, "", "its survey")));
        read(options).forEach(supernova -> tasks.add(supernova.name(), supernova.survey()));
        return Optional.of(tasks);
    }

    /** @throws DataFileException when the table is missing or is not one of features */
    @Override
    public Evaluator prepare(ModelOptions options) throws IOException {
        double[][] features = read(options).stream().map(Described::features).toArray(double[][]::new);
        IsolationForest forest = new IsolationForest(
                features, (int) options.integer(TREES), (int) options.integer(SAMPLE), options.integer(SEED));
        double[] scores = Stream.of(features).mapToDouble(forest::score).toArray();
        return (point, row, context) -> {
            double score = scores[(int) context.index()];
            long higher = 0;
            for (double other : scores) {
                higher += other > score ? 1 : 0;
            }
            row.set(0, score);
            row.setLong(1, higher + 1);
        };
    }

    private static List<Described> read(ModelOptions options) throws IOException {
        List<Described> all = new ArrayList<>();
        for (ResultTable.Row row : ResultTable.read(options.path(FEATURES)).rows()) {
            if (row.isOk()) {
                List<String> names = LightCurveFeatures.names();
                double[] features = new double[names.size()];
                for (int i = 0; i < features.length; i++) {
                    features[i] = row.number(names.get(i));
                }
                all.add(new Described(row.text("supernova"), row.text("survey"), features));
            }
        }
        if (all.size() < FEWEST_SUPERNOVAE) {
            throw new DataFileException(
                    options.path(FEATURES),
                    all.size() + " supernovae with features, at least " + FEWEST_SUPERNOVAE
                            + " are needed; failures.ecsv beside it says why");
        }
        return all;
    }
}
