package org.astropool.internal.plot;

import org.astropool.internal.contour.Density;
import org.astropool.internal.contour.Marginal;

/** The densities of a run. They throw IllegalArgumentException where there is nothing to draw. */
interface Posterior {
    Marginal marginal(String parameter);

    Density density(String xParameter, String yParameter);
}
