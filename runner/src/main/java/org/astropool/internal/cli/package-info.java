/**
 * The command line: commands, exit codes, progress, messages.
 *
 * <p>Alone in using picocli, {@code System.out}, {@code System.err} and {@code System.exit}. Standard output carries
 * results, standard error everything else.
 */
@NullMarked
package org.astropool.internal.cli;

import org.jspecify.annotations.NullMarked;
