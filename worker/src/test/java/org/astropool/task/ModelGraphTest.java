package org.astropool.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.astropool.task.ModelGraph.Plate;
import org.astropool.task.ModelGraph.Variable;
import org.junit.jupiter.api.Test;

class ModelGraphTest {

    private static void assertRefused(String reason, List<Plate> plates, Variable... variables) {
        assertThatThrownBy(() -> new ModelGraph(plates, List.of(variables)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void variablesMayBeInAnyOrder() {
        List<Variable> variables = new ArrayList<>(List.of(
                Variable.observed("data", "d").from("mean").in("inner").distributed("N(\\mu, 1)"),
                Variable.latent("mean", "\\mu")));

        ModelGraph graph =
                new ModelGraph(List.of(new Plate("inner", "i", "outer"), new Plate("outer", "o")), variables);
        variables.clear();

        assertThat(graph.variables()).extracting(Variable::name).containsExactly("data", "mean");
        assertThat(graph.variables().get(0))
                .isEqualTo(new Variable("data", ModelGraph.Kind.OBSERVED, "d", "N(\\mu, 1)", List.of("mean"), "inner"));
    }

    @Test
    void whatDoesNotExistIsRefusedByName() {
        assertRefused(
                "the variable data depends on a variable mean that is not declared",
                List.of(),
                Variable.observed("data", "d").from("mean"));
        assertRefused(
                "in a plate star that is not declared",
                List.of(),
                Variable.latent("x", "x").in("star"));
        assertRefused("the plate a depends on a plate b", List.of(new Plate("a", "a", "b")));
    }

    @Test
    void circlesAreRefused() {
        assertRefused(
                "the variables [a, b] depend on themselves",
                List.of(),
                Variable.latent("a", "a").from("b"),
                Variable.latent("b", "b").from("a"),
                Variable.latent("c", "c").from("a").from());
        assertRefused(
                "[a] depend on themselves", List.of(), Variable.latent("a", "a").from("a"));
        assertRefused("the plates [a, b]", List.of(new Plate("a", "a", "b"), new Plate("b", "b", "a")));
    }

    @Test
    void namesAreUniqueAndWellFormed() {
        assertRefused("the name x is twice", List.of(), Variable.latent("x", "x"), Variable.fixed("x", "y"));
        assertRefused("the name x is twice", List.of(new Plate("x", "x")), Variable.latent("x", "x"));
        assertRefused("\"x 1\"", List.of(), Variable.latent("x 1", "x"));
    }

    @Test
    void aConstantHasNoParents() {
        assertRefused(
                "the constant b has parents",
                List.of(),
                Variable.latent("a", "a"),
                Variable.fixed("b", "b").from("a"));
    }
}
