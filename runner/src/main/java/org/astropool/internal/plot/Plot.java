package org.astropool.internal.plot;

import java.util.List;
import org.astropool.internal.figure.Drawing;

/**
 * A figure of runs.
 *
 * @param contours in the order in which they were drawn; empty if it has none
 */
public record Plot(PlotKind kind, Drawing drawing, List<ContourArea> contours) {}
