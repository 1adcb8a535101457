/**
 * Tables in files: text, ECSV, FITS, VOTable. Reading keeps the precision of numbers and converts units; writing gives
 * the same bytes for the same values.
 *
 * <p>Depends on STIL, SnakeYAML and {@code internal.job}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.table;
