/**
 * The commands of batch jobs: to submit, to cancel, what their scripts call, and what {@code status} says of them.
 *
 * <p>Depends on {@code internal.batch}, the options and the display of the command line, and the packages of jobs.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.cli.batch;
