/**
 * Formats, as text for the terminal, the results and the progress of a run, and the result of a search.
 *
 * <p>Depends on {@code internal.cli.display} and the packages of jobs. Does not depend on commands.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.cli.report;
