/**
 * What a job evaluates: the model, its options and the points, checked before anything starts; digests of everything
 * that the results depend on; estimates of memory and disk space.
 *
 * <p>Depends on {@code internal.job.config} and {@code internal.job.table}. Opens no pool.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.plan;
