package org.astropool.internal.plot;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What to draw.
 *
 * @param kind empty for that which suits the run
 * @param parameters in order; empty for all
 * @param truth values that are marked by lines
 * @param points that are marked
 * @param widthMm of the figure; empty for that which suits the kind
 */
public record PlotRequest(
        Optional<PlotKind> kind,
        List<String> parameters,
        Map<String, Double> truth,
        List<NamedPoint> points,
        OptionalDouble widthMm) {

    /** A point with a name for the legend. */
    public record NamedPoint(String label, Map<String, Double> values) {}
}
