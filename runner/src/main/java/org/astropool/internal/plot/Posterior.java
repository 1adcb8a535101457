package org.astropool.internal.plot;

import java.util.Optional;
import org.astropool.internal.contour.Density;
import org.astropool.internal.contour.Marginal;

/** The densities of a run. They throw IllegalArgumentException where there is nothing to draw. */
interface Posterior {
    Marginal marginal(String parameter);

    /** Why its contours are not reliable; empty when nothing is known against them. */
    Optional<String> doubt();

    Density density(String xParameter, String yParameter);
}
