/** Tests of the supernova models. Tests with published data look for it in {@code ASTROPOOL_DATA}. */
@NullMarked
package org.astropool.examples.supernova;

import org.jspecify.annotations.NullMarked;
