/**
 * Tables in files: text, ECSV, FITS, VOTable. Reading keeps numbers as they are written and converts units; writing
 * gives the same bytes for the same values. Depends on STIL, SnakeYAML and {@code internal.job}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.table;
