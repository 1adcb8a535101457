/**
 * The job file: reading it, its sections, the settings of the command line that replace its values, and where each
 * value was given. Evaluates nothing. Depends on {@code internal.job.table} for how tables are named.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.config;
