package org.astropool.internal.plot;

import java.util.Locale;

/** What can be drawn of a run. */
public enum PlotKind {
    /** Contours in two parameters. */
    CONTOUR,
    /** Contours in each pair of parameters, and their marginals. */
    CORNER,
    /** Densities of single parameters. */
    MARGINAL,
    /** The walkers of a chain, and its autocorrelation time, against steps; or the progress of a maximum. */
    TRACE,
    /** How long points took. */
    TIMELINE,
    /** Where points failed, in two parameters. */
    FAILURES;

    /** The name in the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean overlays() {
        return this == CONTOUR || this == CORNER || this == MARGINAL;
    }
}
