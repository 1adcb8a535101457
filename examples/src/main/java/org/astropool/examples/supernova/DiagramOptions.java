package org.astropool.examples.supernova;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;

/** The options that say which Hubble diagram is fitted: a published or a simulated one. Stateless. */
final class DiagramOptions {
    static final String DATA_SET = "dataset";
    private static final String DATA = "data";
    private static final String SIMULATION_SEED = "simulation_seed";
    private static final String SIMULATION_COUNT = "simulation_count";
    private static final String SIMULATION_OUTLIERS = "simulation_outliers";

    private static final String SIMULATED = "simulated";
    private static final int MIN_COUNT = 2;
    private static final int MAX_COUNT = 1_000_000;

    private DiagramOptions() {}

    /**
     * The declarations.
     *
     * @param published the labels of the data sets to choose from
     * @param outliers the default of the fraction of outliers among simulated supernovae
     */
    static List<ModelOption> all(List<String> published, double outliers) {
        return List.of(
                new ModelOption(DATA_SET, ModelOption.Type.STRING, null, withSimulated(published), "which supernovae"),
                new ModelOption(
                        DATA,
                        ModelOption.Type.PATH,
                        "../data",
                        List.of(),
                        "the folder that holds the data sets' folders"),
                new ModelOption(
                        SIMULATION_SEED, ModelOption.Type.INTEGER, 1L, List.of(), "seed of the simulated supernovae"),
                new ModelOption(
                        SIMULATION_COUNT,
                        ModelOption.Type.INTEGER,
                        1000L,
                        List.of(),
                        "how many supernovae to simulate, from " + MIN_COUNT + " to " + MAX_COUNT),
                new ModelOption(
                        SIMULATION_OUTLIERS,
                        ModelOption.Type.NUMBER,
                        outliers,
                        List.of(),
                        "the part of the simulated supernovae that is of a second population, from 0 to 1"));
    }

    /** The values of the option {@code dataset}. */
    static List<String> withSimulated(List<String> published) {
        List<String> dataSets = new ArrayList<>(published);
        dataSets.add(SIMULATED);
        return dataSets;
    }

    /** @throws OptionException when the simulation is out of its limits */
    static void check(ModelOptions options) {
        long count = options.integer(SIMULATION_COUNT);
        if (count < MIN_COUNT || count > MAX_COUNT) {
            throw new OptionException(
                    SIMULATION_COUNT,
                    SIMULATION_COUNT + " is " + count + ", it must be from " + MIN_COUNT + " to " + MAX_COUNT);
        }
        double outliers = simulatedOutliers(options);
        if (!(outliers >= 0 && outliers <= 1)) {
            throw new OptionException(
                    SIMULATION_OUTLIERS, SIMULATION_OUTLIERS + " is " + outliers + ", it must be from 0 to 1");
        }
    }

    static boolean isSimulated(ModelOptions options) {
        return options.string(DATA_SET).equals(SIMULATED);
    }

    /** The fraction of simulated supernovae that are outliers. */
    static double simulatedOutliers(ModelOptions options) {
        return options.number(SIMULATION_OUTLIERS);
    }

    /** The published data set; not for simulated supernovae. */
    static DataSet dataSet(ModelOptions options) {
        return DataSet.of(options.string(DATA_SET));
    }

    /** The folder that holds the data sets' folders. */
    static Path data(ModelOptions options) {
        return options.path(DATA);
    }

    static List<Path> files(ModelOptions options) {
        return isSimulated(options) ? List.of() : dataSet(options).files(data(options));
    }

    /**
     * The supernovae, published or simulated.
     *
     * @param cosmology the family of universes whose simulated member simulated supernovae are in
     * @throws DataFileException when a data file is missing or malformed
     */
    static HubbleDiagram read(ModelOptions options, Cosmology cosmology) throws IOException {
        if (!isSimulated(options)) {
            return dataSet(options).read(data(options));
        }
        return SimulatedDiagram.contaminated(
                cosmology.expansion(cosmology.simulated()),
                options.integer(SIMULATION_SEED),
                (int) options.integer(SIMULATION_COUNT),
                simulatedOutliers(options));
    }

    /**
     * The number of supernovae.
     *
     * @throws DataFileException when a data file is missing or malformed
     */
    static int size(ModelOptions options) throws IOException {
        return isSimulated(options)
                ? (int) options.integer(SIMULATION_COUNT)
                : dataSet(options).read(data(options)).brightness().length;
    }
}
