package org.astropool.examples.supernova;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.astropool.task.ModelGraph.Plate;
import org.astropool.task.ModelGraph.Variable;
import org.astropool.task.Parameter;

/** The part of the graphs of models that they have in common: supernovae in a universe. Stateless. */
public final class UniverseGraph {
    /** The plate of the supernovae. */
    public static final Plate SUPERNOVAE = new Plate("supernova", "supernovae $i$");

    /** The distance modulus of a supernova. */
    public static final String MODULUS = "mu";

    private static final Map<String, String> LABELS =
            Map.of("omega_m", "\\Omega_m", "omega_lambda", "\\Omega_\\Lambda", "w", "w");

    private UniverseGraph() {}

    /**
     * The parameters of the universe, the redshifts, and the distance moduli, in {@link #SUPERNOVAE}.
     *
     * @param parameters those of the universe; none for a fixed one
     */
    public static List<Variable> variables(List<Parameter> parameters) {
        List<Variable> variables = new ArrayList<>();
        List<String> parents = new ArrayList<>();
        for (Parameter parameter : parameters) {
            variables.add(Variable.latent(parameter.name(), LABELS.getOrDefault(parameter.name(), parameter.name())));
            parents.add(parameter.name());
        }
        variables.add(Variable.fixed("z", "z_i").in(SUPERNOVAE.name()));
        parents.add("z");
        variables.add(Variable.deterministic(MODULUS, "\\mu_i")
                .in(SUPERNOVAE.name())
                .from(parents.toArray(String[]::new))
                .distributed("5\\,\\log_{10}\\,d_L(z_i)\\,+\\,25"));
        return variables;
    }
}
