/** What limits the speed of a run, in words. */
@NullMarked
package org.astropool.internal.job.explain;

import org.jspecify.annotations.NullMarked;
