/**
 * The model {@code light-curve-anomaly}: how unusual each supernova is among all, by an isolation forest over features
 * of their light curves.
 *
 * <p>Depends on {@code org.astropool.task}, on the features of {@code org.astropool.examples.lightcurve}, and on the
 * reader of tables of {@code org.astropool.examples.hierarchical}.
 */
@NullMarked
package org.astropool.examples.anomaly;

import org.jspecify.annotations.NullMarked;
