/**
 * Runs in the jobs of a batch system: the settings of a site, the script, the commands of Slurm, PBS and LSF, and the
 * record of the jobs of a run. It starts those commands and nothing that an output directory names.
 *
 * <p>Depends on {@code internal.job}, {@code internal.job.config}, {@code internal.program} for the environment of the
 * user, and {@code internal.system}. Does not depend on runs.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.batch;
