/** Tests of layers 2 and 3 of the hierarchical model; published data are found by {@code ASTROPOOL_DATA}. */
@NullMarked
package org.astropool.examples.hierarchical;

import org.jspecify.annotations.NullMarked;
