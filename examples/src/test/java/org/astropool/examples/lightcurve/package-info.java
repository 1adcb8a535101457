/** Tests of layer 1 of the hierarchical model; those that need published data find them by {@code ASTROPOOL_DATA}. */
@NullMarked
package org.astropool.examples.lightcurve;

import org.jspecify.annotations.NullMarked;
