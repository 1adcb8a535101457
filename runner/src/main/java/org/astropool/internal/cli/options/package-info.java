/**
 * Options that several commands have.
 *
 * <p>Depends on the packages of jobs. Does not depend on commands.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.cli.options;
