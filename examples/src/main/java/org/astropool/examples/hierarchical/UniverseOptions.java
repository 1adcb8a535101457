package org.astropool.examples.hierarchical;

import java.util.ArrayList;
import java.util.List;
import org.astropool.examples.supernova.Cosmology;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Parameter;

/** The options that say whether the universe is fixed, or which of its parameters are free. */
final class UniverseOptions {
    private static final String COSMOLOGY = "cosmology";
    private static final String OMEGA_M = "omega_m";
    private static final String FIXED = "fixed";

    private UniverseOptions() {}

    static List<ModelOption> all() {
        List<String> cosmologies = new ArrayList<>(Cosmology.labels());
        cosmologies.add(FIXED);
        return List.of(
                new ModelOption(
                        COSMOLOGY,
                        ModelOption.Type.STRING,
                        "flat-lcdm",
                        cosmologies,
                        "which universes, and with which parameters; fixed is a flat one with the omega_m given here"),
                new ModelOption(
                        OMEGA_M,
                        ModelOption.Type.NUMBER,
                        0.3,
                        List.of(),
                        "for a fixed universe: density of matter today, critical = 1, from 0 to 1"));
    }

    /** The parameters of the universe, none when it is fixed. They are the first of a point. */
    static List<Parameter> parameters(ModelOptions options) {
        double matter = options.number(OMEGA_M);
        if (!(matter >= 0 && matter <= 1)) {
            throw new OptionException(OMEGA_M, OMEGA_M + " is " + matter + ", it must be from 0 to 1");
        }
        return isFixed(options)
                ? List.of()
                : Cosmology.of(options.string(COSMOLOGY)).parameters();
    }

    /**
     * The distances of supernovae in these universes.
     *
     * @param cosmological redshifts without peculiar motions, above 0
     * @param heliocentric redshifts as observed
     */
    static Distances distances(ModelOptions options, double[] cosmological, double[] heliocentric) {
        return isFixed(options)
                ? Distances.fixed(options.number(OMEGA_M), cosmological, heliocentric)
                : Distances.free(Cosmology.of(options.string(COSMOLOGY)), cosmological, heliocentric);
    }

    private static boolean isFixed(ModelOptions options) {
        return options.string(COSMOLOGY).equals(FIXED);
    }
}
