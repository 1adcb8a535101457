/**
 * Layers 2 and 3 of a hierarchical model of type Ia supernovae: from light curves to standardised candles, and from
 * those to their population and to cosmology. Models {@code csp-supernovae}, {@code supernova-hierarchical},
 * {@code supernova-latent}, {@code supernova-tripp} and {@code supernova-snls3}.
 *
 * <p>Depends on {@code org.astropool.task}, on {@code org.astropool.examples.supernova} for distances and data files,
 * on STIL for the tables that other jobs wrote, and on EJML for covariance matrices.
 */
@NullMarked
package org.astropool.examples.hierarchical;

import org.jspecify.annotations.NullMarked;
