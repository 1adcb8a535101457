/**
 * The job file: reads it, its sections, and the settings of the command line that replace its values, and the position
 * of each value. Evaluates nothing.
 *
 * <p>Depends on {@code internal.job.table} for references to tables, on priors ({@link org.astropool.sampler}), on
 * {@code internal.program} for commands, and on tomlj.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.config;
