package org.astropool.examples.hierarchical;

import java.util.Optional;
import org.astropool.examples.supernova.Cosmology;
import org.astropool.examples.supernova.DistanceModuli;
import org.astropool.examples.supernova.Expansion;

/**
 * The distance moduli of fixed supernovae in the universe of a point. Implementations are immutable and thread-safe.
 */
@FunctionalInterface
interface Distances {

    /**
     * The moduli, in mag, for H0 = 70 km/s/Mpc.
     *
     * @param point begins with the parameters of the universe, which are finite
     * @return not to be changed; empty when the universe has no distances to the supernovae
     */
    Optional<double[]> moduli(double[] point);

    /** In a flat universe with a cosmological constant: computed once. */
    static Distances fixed(double matter, double[] cosmological, double[] heliocentric) {
        Optional<double[]> moduli =
                new DistanceModuli(cosmological, heliocentric).in(new Expansion(matter, 1 - matter, -1));
        return point -> moduli;
    }

    /** In the universe that a point describes. */
    static Distances free(Cosmology cosmology, double[] cosmological, double[] heliocentric) {
        DistanceModuli distances = new DistanceModuli(cosmological, heliocentric);
        return point -> distances.in(cosmology.expansion(point));
    }
}
