/** Tests of the supernova models; those that need published data find them by {@code ASTROPOOL_DATA}. */
@NullMarked
package org.astropool.examples.supernova;

import org.jspecify.annotations.NullMarked;
