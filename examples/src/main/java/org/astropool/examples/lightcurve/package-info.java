/**
 * The model {@code bazin-light-curve}: one fit for each supernova and band of a survey, from light curves in the
 * formats of SNANA. Layer 1 of a hierarchical model.
 *
 * <p>Depends on {@code org.astropool.task}, on the readers of {@code org.astropool.examples.supernova}, on STIL for
 * FITS files, and on Hipparchus for the least squares.
 */
@NullMarked
package org.astropool.examples.lightcurve;

import org.jspecify.annotations.NullMarked;
