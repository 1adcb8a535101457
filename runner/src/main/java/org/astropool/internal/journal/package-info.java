/**
 * Finished points on disk while a run goes on: the append-only journal, its recovery, and the lock of an output
 * directory. The layout is in docs/journal.md.
 *
 * <p>Uses the JDK and slf4j alone, and nothing else of astropool: what a point's result looks like is up to the caller.
 */
@NullMarked
package org.astropool.internal.journal;

import org.jspecify.annotations.NullMarked;
