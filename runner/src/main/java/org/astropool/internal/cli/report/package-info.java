/**
 * Formats, as text for the terminal, the results and the progress of a run, and what a search has found.
 *
 * <p>Depends on {@code internal.cli.display} and the packages of jobs. Knows no command.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.cli.report;
