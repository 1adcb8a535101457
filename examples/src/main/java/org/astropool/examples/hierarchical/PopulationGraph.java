package org.astropool.examples.hierarchical;

import java.util.ArrayList;
import java.util.List;
import org.astropool.examples.supernova.UniverseGraph;
import org.astropool.task.ModelGraph;
import org.astropool.task.ModelGraph.Variable;
import org.astropool.task.ModelOptions;

/** The graphs of the models of this package: supernovae whose brightness depends on x and on the colour. Stateless. */
final class PopulationGraph {
    private static final String SUPERNOVA = UniverseGraph.SUPERNOVAE.name();

    private PopulationGraph() {}

    /** Latent magnitudes, x and colours of each supernova, drawn from a population. */
    static ModelGraph latent(ModelOptions options) {
        SampleKind kind = SampleOptions.kind(options);
        List<Variable> variables = relation(options, kind);
        variables.add(Variable.latent("sigma_int", "\\sigma_{int}"));
        variables.add(Variable.latent("x0", "x_0"));
        variables.add(Variable.latent("Rx", "R_x"));
        variables.add(Variable.latent("c0", "c_0"));
        variables.add(Variable.latent("Rc", "R_c"));
        List<String> ofM = new ArrayList<>(List.of("M_B", "sigma_int"));
        if (kind.hasMassStep()) {
            ofM.addAll(List.of("dM", "host"));
        }
        variables.add(Variable.latent("M", "M_i")
                .in(SUPERNOVA)
                .from(ofM.toArray(String[]::new))
                .distributed("N(" + magnitude(kind) + ",\\,\\sigma_{int}^2)"));
        variables.add(Variable.latent("x", "x_i").in(SUPERNOVA).from("x0", "Rx").distributed("N(x_0,\\,R_x^2)"));
        variables.add(Variable.latent("c", "c_i").in(SUPERNOVA).from("c0", "Rc").distributed("N(c_0,\\,R_c^2)"));
        variables.add(Variable.fixed("covariance", "\\Sigma_i").in(SUPERNOVA));
        variables.add(Variable.observed("data", "d_i")
                .in(SUPERNOVA)
                .from("alpha", "beta", "M", "x", "c", UniverseGraph.MODULUS, "covariance")
                .distributed("N((\\mu_i+M_i" + correction(kind) + ",\\,x_i,\\,c_i),\\,\\Sigma_i)"));
        return new ModelGraph(List.of(UniverseGraph.SUPERNOVAE), variables);
    }

    /**
     * x and the colour as they were measured, without a population.
     *
     * @param scatterIsFree whether sigma_int is a parameter
     */
    static ModelGraph measured(ModelOptions options, boolean scatterIsFree) {
        SampleKind kind = SampleOptions.kind(options);
        List<Variable> variables = relation(options, kind);
        variables.add(
                scatterIsFree
                        ? Variable.latent("sigma_int", "\\sigma_{int}")
                        : Variable.fixed("sigma_int", "\\sigma_{int}"));
        variables.add(Variable.fixed("data", "x_i,\\,c_i,\\,\\Sigma_i").in(SUPERNOVA));
        List<String> parents =
                new ArrayList<>(List.of("alpha", "beta", "M_B", "sigma_int", UniverseGraph.MODULUS, "data"));
        if (kind.hasMassStep()) {
            parents.addAll(List.of("dM", "host"));
        }
        variables.add(Variable.observed("m", "m_i")
                .in(SUPERNOVA)
                .from(parents.toArray(String[]::new))
                .distributed("N(\\mu_i+" + magnitude(kind) + correction(kind)
                        + ",\\,s_i^2(\\alpha,\\beta,\\Sigma_i)+\\sigma_{int}^2)"));
        return new ModelGraph(List.of(UniverseGraph.SUPERNOVAE), variables);
    }

    /** As {@link #measured}, with a covariance between the supernovae. */
    static ModelGraph correlated(ModelOptions options) {
        List<Variable> variables = relation(options, SampleKind.JLA);
        variables.add(Variable.fixed("data", "x_i,\\,c_i").in(SUPERNOVA));
        variables.add(Variable.deterministic("covariance", "C").from("alpha", "beta"));
        variables.add(Variable.observed("m", "m_i")
                .in(SUPERNOVA)
                .from("alpha", "beta", "M_B", "dM", "host", UniverseGraph.MODULUS, "data", "covariance")
                .distributed("N(\\mu+" + magnitude(SampleKind.JLA) + correction(SampleKind.JLA) + ",\\,C),\\,"
                        + "\\mathrm{all supernovae together}"));
        return new ModelGraph(List.of(UniverseGraph.SUPERNOVAE), variables);
    }

    /** The universe, and the parameters of the relation between magnitude, x and colour. */
    private static List<Variable> relation(ModelOptions options, SampleKind kind) {
        List<Variable> variables = new ArrayList<>(UniverseGraph.variables(UniverseOptions.parameters(options)));
        variables.add(Variable.latent("alpha", "\\alpha"));
        variables.add(Variable.latent("beta", "\\beta"));
        variables.add(Variable.latent("M_B", "M_B"));
        if (kind.hasMassStep()) {
            variables.add(Variable.latent("dM", "\\Delta_M"));
            variables.add(Variable.fixed("host", "h_i").in(SUPERNOVA));
        }
        return variables;
    }

    private static String magnitude(SampleKind kind) {
        return kind.hasMassStep() ? "M_B+h_i\\,\\Delta_M" : "M_B";
    }

    private static String correction(SampleKind kind) {
        return (kind.signOfAlpha() > 0 ? "+" : "-") + "\\alpha x_i+\\beta c_i";
    }
}
