/**
 * Figures for papers: shapes and text on a page of a given width, axes with their ticks, and the files that they are
 * written to: SVG, PDF and PNG.
 *
 * <p>Uses {@code java.awt} without a display, Apache FontBox for the outlines of the one font and PDFBox for PDF, so
 * that a figure depends neither on the fonts nor on the native font libraries of the machine. Uses nothing else of
 * astropool.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.figure;
