package org.astropool.internal.plot;

/**
 * The region inside a contour.
 *
 * @param run its name
 * @param mass that it was to enclose
 * @param enclosed that it encloses, of the density as it is drawn
 * @param area in units of the two parameters
 */
public record ContourArea(String run, String x, String y, double mass, double enclosed, double area) {}
