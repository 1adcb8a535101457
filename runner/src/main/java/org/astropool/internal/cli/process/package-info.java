/**
 * Signals to this process, and its exit.
 *
 * <p>Depends on {@code internal.job} for exit codes and on {@code internal.transport}. Does not depend on commands.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.cli.process;
