/** Tests of layer 1 of the hierarchical model. Tests with published data look for it in {@code ASTROPOOL_DATA}. */
@NullMarked
package org.astropool.examples.lightcurve;

import org.jspecify.annotations.NullMarked;
