/**
 * The model {@code supernova-distances}: likelihoods of cosmological parameters given Hubble diagrams of type Ia
 * supernovae, for several published data sets. Its distances and readers of text files are also used by other packages.
 *
 * <p>Depends on {@code org.astropool.task} and, for the inverse of a covariance matrix, on EJML.
 */
@NullMarked
package org.astropool.examples.supernova;

import org.jspecify.annotations.NullMarked;
