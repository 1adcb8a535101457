/** Tests of the isolation forest, and of the model on published light curves in {@code ASTROPOOL_DATA}. */
@NullMarked
package org.astropool.examples.anomaly;

import org.jspecify.annotations.NullMarked;
