/**
 * Finished points on disk during a run: the append-only journal, its recovery, and the lock of an output directory. The
 * layout is described in docs/journal.md.
 *
 * <p>Depends on the JDK, slf4j and {@code internal.system}. Does not interpret the results of points; their layout is
 * defined by the caller.
 */
@NullMarked
package org.astropool.internal.journal;

import org.jspecify.annotations.NullMarked;
