/** Runs the example programs that embed the pool. */
@NullMarked
package org.astropool.examples.pool;

import org.jspecify.annotations.NullMarked;
