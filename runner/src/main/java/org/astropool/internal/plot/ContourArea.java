package org.astropool.internal.plot;

import java.util.List;
import org.astropool.internal.contour.ContourLine;

/**
 * The region inside a contour.
 *
 * @param run its name
 * @param mass that it was to enclose
 * @param enclosed that it encloses, of the density as it is drawn
 * @param area in units of the two parameters
 * @param lines of the contour, which are open where it leaves the grid
 * @param rings around the region, along the edges of the grid as well
 */
public record ContourArea(
        String run,
        String x,
        String y,
        double mass,
        double enclosed,
        double area,
        List<ContourLine> lines,
        List<ContourLine> rings) {}
