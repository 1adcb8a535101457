package org.astropool.internal.plot;

import java.util.List;
import org.astropool.internal.figure.Drawing;

/**
 * A figure of runs.
 *
 * @param contours in the order in which they were drawn; empty if it has none
 * @param marginals the densities of the parameters of each run; empty if it shows no densities
 * @param doubts why the densities are not reliable
 */
public record Plot(
        PlotKind kind,
        Drawing drawing,
        List<ContourArea> contours,
        List<DrawnMarginal> marginals,
        List<String> doubts) {
    Plot(PlotKind kind, Drawing drawing) {
        this(kind, drawing, List.of(), List.of(), List.of());
    }
}
