/**
 * Evaluates points that come as lines of JSON, and answers each with a line. Depends on {@code internal.job.result}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.eval;
