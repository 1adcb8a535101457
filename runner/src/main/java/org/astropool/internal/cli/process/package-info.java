/**
 * Signals to this process, its exit, and what its node allows it.
 *
 * <p>Depends on {@code internal.job} for exit codes and on {@code internal.transport}. Does not depend on commands.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.cli.process;
