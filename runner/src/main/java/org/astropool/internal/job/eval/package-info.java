/**
 * Evaluates points that arrive as lines of JSON on standard input, and answers each line with one line.
 *
 * <p>Depends on {@code internal.job.result}, the packages before it, and {@link org.astropool.pool}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.eval;
