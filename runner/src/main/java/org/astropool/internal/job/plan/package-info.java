/**
 * What a job wants evaluated: the model, its options and the points, checked before anything starts; digests of all
 * that the numbers depend on; estimates of memory and disk. Depends on {@code internal.job.config}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.plan;
