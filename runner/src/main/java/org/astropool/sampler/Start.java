package org.astropool.sampler;

import java.util.Arrays;

/** The starting positions of the walkers of an ensemble. Immutable. */
public sealed interface Start {

    /** Draws from the prior. */
    record FromPrior() implements Start {}

    /**
     * Draws from normal distributions around a point.
     *
     * @param center a value for each parameter
     * @param spread the standard deviation for each parameter, above 0
     */
    record Around(double[] center, double[] spread) implements Start {
        public Around {
            center = center.clone();
            spread = spread.clone();
            for (double width : spread) {
                if (!(width > 0 && width < Double.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException("a spread is " + width
                            + "; each must be above 0, since walkers with equal values of a parameter never change it");
                }
            }
        }

        @Override
        public String toString() {
            return "around " + Arrays.toString(center) + " with spread " + Arrays.toString(spread);
        }
    }

    /**
     * Given positions.
     *
     * @param positions shape walkers x parameters
     */
    record At(double[][] positions) implements Start {
        public At {
            positions = Arrays.stream(positions).map(double[]::clone).toArray(double[][]::new);
        }

        @Override
        public String toString() {
            return positions.length + " given positions";
        }
    }
}
