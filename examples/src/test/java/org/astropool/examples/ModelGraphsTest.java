package org.astropool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.astropool.task.Model;
import org.astropool.task.ModelGraph;
import org.astropool.task.ModelGraph.Kind;
import org.astropool.task.ModelGraph.Variable;
import org.astropool.task.ModelOptions;
import org.astropool.task.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The graphs that models declare fit their parameters. */
class ModelGraphsTest {

    private static Model model(String name) {
        return ServiceLoader.load(Model.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The parameters of each supernova, such as M_1, are one variable in a plate. */
    private static String variable(Parameter parameter) {
        return parameter.name().replaceFirst("_[0-9]+$", "");
    }

    @ParameterizedTest
    @CsvSource({
        "supernova-distances, dataset=union3",
        "supernova-distances, dataset=union3 cosmology=flat-wcdm",
        "supernova-distances, dataset=simulated cosmology=lcdm",
        "supernova-mixture, dataset=union2.1",
        "supernova-mixture, dataset=des-sn5yr-dovekie fraction=data",
        "supernova-hierarchical, cosmology=flat-wcdm",
        "supernova-hierarchical, sample=light-curves table=x cosmology=fixed",
        "supernova-latent, supernovae=03D1au",
        "supernova-tripp, cosmology=lcdm",
        "supernova-tripp, log_determinant=true",
        "supernova-snls3, cosmology=flat-lcdm"
    })
    void theParametersAreTheLatentVariables(String name, String options) {
        Model model = model(name);
        Map<String, Object> given = new HashMap<>();
        for (String option : options.split(" ")) {
            String value = option.substring(option.indexOf('=') + 1);
            given.put(option.substring(0, option.indexOf('=')), value.equals("true") ? (Object) true : value);
        }
        ModelOptions values = ModelOptions.of(model, given);
        ModelGraph graph = model.graph(values).orElseThrow();
        TreeSet<String> parameters = model.parameters(values).stream()
                .map(ModelGraphsTest::variable)
                .collect(Collectors.toCollection(TreeSet::new));

        TreeSet<String> latent = graph.variables().stream()
                .filter(variable -> variable.kind() == Kind.LATENT)
                .map(Variable::name)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(latent).containsAll(parameters);
        latent.removeAll(parameters);
        assertThat(latent) // what is marginalised or integrated
                .isIn(List.of(
                        new TreeSet<String>(),
                        new TreeSet<>(List.of("offset")),
                        new TreeSet<>(List.of("population")),
                        new TreeSet<>(List.of("M", "c", "x"))));
    }

    @Test
    void givenHyperparametersAreConstants() {
        Model model = model("gp-light-curve");
        Map<String, Object> given = Map.of("survey", "csp3", "bands", "B", "ln_a", 9.0, "ln_l", 3.0);

        assertThat(model.graph(ModelOptions.of(model, given)).orElseThrow().variables())
                .filteredOn(variable -> variable.kind() == Kind.FIXED)
                .extracting(Variable::name)
                .containsExactly("ln_a", "ln_l", "time", "error");
    }
}
