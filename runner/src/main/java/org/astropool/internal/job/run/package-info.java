/**
 * A run, from the checked job to the exit code: evaluation on a pool, journal, record, searches, summary; and reading
 * the output directory of a run.
 *
 * <p>Depends on {@code internal.job.search}, the packages before it, {@code internal.journal}, and
 * {@link org.astropool.pool}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.run;
