/**
 * The report of a run as one HTML file: what it shows is collected here as JSON, the page itself is in the resources
 * {@code report.html}, {@code report.css} and {@code report.js}.
 *
 * <p>Depends on {@code internal.job.run} and the packages before it, and on {@code internal.contour}. Evaluates
 * nothing, and prints nothing.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.page;
