/**
 * The command line: commands, exit codes, progress, messages. Standard output carries results, standard error
 * everything else.
 *
 * <p>Only the packages of the command line use picocli, {@code System.out}, {@code System.err} and {@code System.exit}.
 */
@NullMarked
package org.astropool.internal.cli;

import org.jspecify.annotations.NullMarked;
