/**
 * Signals to this process, and its exit.
 *
 * <p>Depends on {@code internal.job} for exit codes and on {@code internal.transport}. Knows no command.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.cli.process;
