package org.astropool.examples.supernova;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.astropool.task.Parameter;

/** The families of universes that can be fitted. The Hubble constant is no parameter: it drops out with the offset. */
public enum Cosmology {
    FLAT_LCDM("flat-lcdm", List.of(Parameters.OMEGA_M), p -> new Expansion(p[0], 1 - p[0], -1)),
    LCDM("lcdm", List.of(Parameters.OMEGA_M, Parameters.OMEGA_LAMBDA), p -> new Expansion(p[0], p[1], -1)),
    FLAT_WCDM("flat-wcdm", List.of(Parameters.OMEGA_M, Parameters.W), p -> new Expansion(p[0], 1 - p[0], p[1]));

    private static final Map<String, Double> SIMULATED =
            Map.of(Parameters.OMEGA_M.name(), 0.3, Parameters.OMEGA_LAMBDA.name(), 0.7, Parameters.W.name(), -1.0);

    private final String label;
    private final List<Parameter> parameters;
    private final Function<double[], Expansion> expansion;

    Cosmology(String label, List<Parameter> parameters, Function<double[], Expansion> expansion) {
        this.label = label;
        this.parameters = parameters;
        this.expansion = expansion;
    }

    /** The names in job files. */
    public static List<String> labels() {
        return Stream.of(values()).map(cosmology -> cosmology.label).toList();
    }

    /** @param label one of {@link #labels} */
    public static Cosmology of(String label) {
        return Stream.of(values())
                .filter(cosmology -> cosmology.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no cosmology \"" + label + "\", only " + labels()));
    }

    /** The parameters of the family, in the order of {@link #expansion}. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** @param point begins with values in the order of {@link #parameters} */
    public Expansion expansion(double[] point) {
        return expansion.apply(point);
    }

    /** The parameters of the simulated supernovae: the same universe in every family. */
    double[] simulated() {
        return parameters.stream()
                .map(Parameter::name)
                .mapToDouble(SIMULATED::get)
                .toArray();
    }

    private static final class Parameters {
        static final Parameter OMEGA_M = new Parameter("omega_m", "", 0, 1, "density of matter today, critical = 1");
        static final Parameter OMEGA_LAMBDA =
                new Parameter("omega_lambda", "", 0, 2, "density of the cosmological constant, critical = 1");
        static final Parameter W = new Parameter("w", "", -3, 0, "pressure over density of dark energy");
    }
}
