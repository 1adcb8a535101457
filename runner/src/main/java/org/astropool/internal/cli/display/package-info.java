/**
 * What is shown on a terminal: the progress display, aligned tables, formatted numbers.
 *
 * <p>Depends on {@code internal.job}, {@link org.astropool.pool} for progress, and {@code internal.system}. Does not
 * depend on commands.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.cli.display;
