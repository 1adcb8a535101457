/**
 * Short programs that embed the pool, one for each kind of call. They run alone, and under {@code mpiexec} as
 * {@code scripts/astropool exec CLASS}. Depends on {@code org.astropool.pool} and {@code org.astropool.task}.
 */
@NullMarked
package org.astropool.examples.pool;

import org.jspecify.annotations.NullMarked;
