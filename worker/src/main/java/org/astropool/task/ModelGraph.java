package org.astropool.task;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A probabilistic model as a directed graph: its variables, what each is drawn or computed from, and the plates, whose
 * content exists several times. {@code astropool models --graph NAME} draws it. Immutable.
 *
 * <pre>{@code
 * new ModelGraph(
 *         List.of(new Plate("star", "stars $i$")),
 *         List.of(
 *                 Variable.latent("mean", "\\mu"),
 *                 Variable.latent("distance", "d_i").in("star"),
 *                 Variable.observed("parallax", "p_i").in("star").from("distance", "mean")
 *                         .distributed("N(1 / d_i + \\mu, s_i^2)")));
 * }</pre>
 *
 * <p>Labels and distributions are in the subset of LaTeX of the labels of plots: formulas, or text with formulas
 * between dollar signs.
 *
 * @param plates in any order; the names are unique
 * @param variables in any order; the names are unique, also among the plates
 */
public record ModelGraph(List<Plate> plates, List<Variable> variables) {

    /** What is known of a variable. */
    public enum Kind {
        /** Not observed: a parameter, or a latent variable of an object. */
        LATENT,
        /** Data. */
        OBSERVED,
        /** Computed from its parents alone. */
        DETERMINISTIC,
        /** A constant: it has no parents. */
        FIXED
    }

    /**
     * A frame around variables that exist several times.
     *
     * @param name {@code [A-Za-z][A-Za-z0-9_]*}
     * @param label what there are several of, such as {@code supernovae $i$}
     * @param parent the plate around it; "" when there is none
     */
    public record Plate(String name, String label, String parent) {

        /** A plate that is in no other plate. */
        public Plate(String name, String label) {
            this(name, label, "");
        }
    }

    /**
     * A variable, or several that have the same parents, with one label.
     *
     * @param name {@code [A-Za-z][A-Za-z0-9_]*}; that of the parameter, if it is one
     * @param distribution of the variable given its parents, or the formula of a deterministic one; "" to show none
     * @param parents the names of the variables that its distribution or formula depends on
     * @param plate the innermost plate that it is in; "" when it is in none
     */
    public record Variable(
            String name, Kind kind, String label, String distribution, List<String> parents, String plate) {

        public Variable {
            parents = List.copyOf(parents);
        }

        public static Variable latent(String name, String label) {
            return new Variable(name, Kind.LATENT, label, "", List.of(), "");
        }

        public static Variable observed(String name, String label) {
            return new Variable(name, Kind.OBSERVED, label, "", List.of(), "");
        }

        public static Variable deterministic(String name, String label) {
            return new Variable(name, Kind.DETERMINISTIC, label, "", List.of(), "");
        }

        public static Variable fixed(String name, String label) {
            return new Variable(name, Kind.FIXED, label, "", List.of(), "");
        }

        /** The same variable with these parents. */
        public Variable from(String... newParents) {
            return new Variable(name, kind, label, distribution, List.of(newParents), plate);
        }

        /** The same variable in a plate. */
        public Variable in(String newPlate) {
            return new Variable(name, kind, label, distribution, parents, newPlate);
        }

        /** The same variable with a distribution, or a formula if it is deterministic. */
        public Variable distributed(String newDistribution) {
            return new Variable(name, kind, label, newDistribution, parents, plate);
        }
    }

    /**
     * A graph.
     *
     * @throws IllegalArgumentException when a name is used twice or is malformed, a parent or plate does not exist, a
     *     constant has parents, plates contain each other, or a variable depends on itself
     */
    public ModelGraph {
        plates = List.copyOf(plates);
        variables = List.copyOf(variables);
        Set<String> names = new HashSet<>();
        Map<String, List<String>> around = new HashMap<>();
        Map<String, List<String>> parents = new HashMap<>();
        for (Plate plate : plates) {
            checkName(plate.name, names);
            around.put(plate.name, plate.parent.isEmpty() ? List.of() : List.of(plate.parent));
        }
        for (Variable variable : variables) {
            checkName(variable.name, names);
            parents.put(variable.name, variable.parents);
            if (variable.kind == Kind.FIXED && !variable.parents.isEmpty()) {
                throw new IllegalArgumentException(
                        "the constant " + variable.name + " has parents; make it deterministic");
            }
            if (!variable.plate.isEmpty() && !around.containsKey(variable.plate)) {
                throw new IllegalArgumentException(
                        "the variable " + variable.name + " is in a plate " + variable.plate + " that is not declared");
            }
        }
        checkOrder("plate", around);
        checkOrder("variable", parents);
    }

    private static void checkName(String name, Set<String> names) {
        if (!name.matches("[A-Za-z][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException(
                    "the name \"" + name + "\" in a graph is not a letter followed by letters, digits and _");
        }
        if (!names.add(name)) {
            throw new IllegalArgumentException("the name " + name + " is twice in a graph");
        }
    }

    /** Removes what depends on nothing that is left, until nothing changes. */
    private static void checkOrder(String kind, Map<String, List<String>> parents) {
        parents.forEach((name, all) -> all.stream()
                .filter(parent -> !parents.containsKey(parent))
                .findFirst()
                .ifPresent(parent -> {
                    throw new IllegalArgumentException("the " + kind + " " + name + " depends on a " + kind + " "
                            + parent + " that is not declared");
                }));
        Set<String> left = new TreeSet<>(parents.keySet());
        List<String> independent;
        do {
            independent = left.stream()
                    .filter(name ->
                            parents.getOrDefault(name, List.of()).stream().noneMatch(left::contains))
                    .toList();
            independent.forEach(left::remove);
        } while (!independent.isEmpty());
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("the " + kind + "s " + left + " depend on themselves");
        }
    }
}
