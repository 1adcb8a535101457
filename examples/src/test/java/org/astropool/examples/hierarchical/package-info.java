/**
 * Tests of layers 2 and 3 of the hierarchical model. Tests with published data look for it in {@code ASTROPOOL_DATA}.
 */
@NullMarked
package org.astropool.examples.hierarchical;

import org.jspecify.annotations.NullMarked;
