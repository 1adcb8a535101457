/**
 * Job files, grids, results: reads and checks a job, evaluates a model on a grid by a pool, and writes the tables and
 * the summary.
 *
 * <p>May use {@code org.astropool.pool} and the worker jar, STIL for tables, tomlj for job files and nanojson for the
 * summary. Knows nothing of the command line.
 */
@NullMarked
package org.astropool.job;

import org.jspecify.annotations.NullMarked;
