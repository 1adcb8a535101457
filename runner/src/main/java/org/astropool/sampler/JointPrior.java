package org.astropool.sampler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.random.RandomGenerator;

/** The independent priors of all parameters, in their order: a point is an array of one value for each. Immutable. */
public final class JointPrior {
    private final List<String> names;
    private final List<Prior> priors;

    /** @throws IllegalArgumentException when there is no parameter, a name occurs twice, or the lengths differ */
    public JointPrior(List<String> names, List<? extends Prior> priors) {
        this.names = List.copyOf(names);
        this.priors = List.copyOf(priors);
        if (names.isEmpty() || names.size() != priors.size()) {
            throw new IllegalArgumentException(names.size() + " parameter names for " + priors.size()
                    + " priors; the numbers must be equal and at least 1");
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("a parameter is named twice: " + names);
        }
    }

    /** The prior of one parameter; {@link #and} adds further ones. */
    public static JointPrior of(String name, Prior prior) {
        return new JointPrior(List.of(name), List.of(prior));
    }

    /** These priors and that of one more parameter. */
    public JointPrior and(String name, Prior prior) {
        List<String> moreNames = new ArrayList<>(names);
        List<Prior> morePriors = new ArrayList<>(priors);
        moreNames.add(name);
        morePriors.add(prior);
        return new JointPrior(moreNames, morePriors);
    }

    /** The parameters' names, in the order of a point. */
    public List<String> names() {
        return names;
    }

    /** The prior of parameter {@code index}. */
    public Prior prior(int index) {
        return priors.get(index);
    }

    /** The number of parameters. */
    public int dimensions() {
        return priors.size();
    }

    /** The sum of the logarithms of the densities; -infinity outside the range of a prior. */
    public double logDensity(double[] point) {
        double sum = 0;
        for (int i = 0; i < point.length && sum > Double.NEGATIVE_INFINITY; i++) {
            sum += priors.get(i).logDensity(point[i]);
        }
        return sum;
    }

    /** A random point. */
    public double[] draw(RandomGenerator random) {
        double[] point = new double[priors.size()];
        for (int i = 0; i < point.length; i++) {
            point[i] = priors.get(i).draw(random);
        }
        return point;
    }

    /**
     * Describes the values of a point that are outside their priors: "Om = 1.2 is outside of flat(0.0, 1.0)"; else "".
     */
    public String outside(double[] point) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < point.length; i++) {
            if (!(prior(i).logDensity(point[i]) > Double.NEGATIVE_INFINITY)) {
                found.add(names.get(i) + " = " + point[i] + " is outside of " + prior(i));
            }
        }
        return String.join(", ", found);
    }

    /** @throws IllegalArgumentException when the number of values is not the number of parameters */
    public void checkLength(String what, double[] point) {
        if (point.length != dimensions()) {
            throw new IllegalArgumentException(
                    what + " has " + point.length + " values, there are " + dimensions() + " parameters: " + names);
        }
    }
}
