package org.astropool.examples.lightcurve;

import java.util.ArrayList;
import java.util.List;
import org.astropool.task.ModelGraph;
import org.astropool.task.ModelGraph.Plate;
import org.astropool.task.ModelGraph.Variable;

/** The graphs of the models of light curves: points of bands of supernovae. Stateless. */
final class LightCurveGraph {
    private static final Plate SUPERNOVAE = new Plate("supernova", "supernovae");
    private static final Plate BANDS = new Plate("band", "bands", SUPERNOVAE.name());
    private static final Plate POINTS = new Plate("point", "points $j$", BANDS.name());

    private LightCurveGraph() {}

    /**
     * A graph.
     *
     * @param parameters of a light curve
     * @param curve the light curve f(t), with the parameters as its parents
     */
    static ModelGraph of(List<Variable> parameters, Variable curve) {
        List<Variable> variables = new ArrayList<>();
        parameters.forEach(parameter -> variables.add(parameter.in(BANDS.name())));
        variables.add(curve.in(BANDS.name())
                .from(parameters.stream().map(Variable::name).toArray(String[]::new)));
        variables.add(Variable.deterministic("peak", "t_{max},\\,m,\\,\\Delta m_{15}")
                .in(BANDS.name())
                .from(curve.name()));
        variables.add(Variable.fixed("time", "t_j").in(POINTS.name()));
        variables.add(Variable.fixed("error", "\\sigma_j").in(POINTS.name()));
        variables.add(Variable.observed("flux", "F_j")
                .in(POINTS.name())
                .from(curve.name(), "time", "error")
                .distributed("N(f(t_j),\\,\\sigma_j^2)"));
        return new ModelGraph(List.of(SUPERNOVAE, BANDS, POINTS), variables);
    }
}
