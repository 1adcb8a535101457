/**
 * A run on its way, from the checked job to the exit code: evaluation on a pool, journal, record, searches, summary;
 * and reading the output directory of a run. Depends on {@code internal.job.result}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.run;
