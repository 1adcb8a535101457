package org.astropool.internal.plot;

import org.astropool.internal.contour.Marginal;

/** The density of one parameter, as it was drawn. */
public record DrawnMarginal(String run, String parameter, String label, Marginal density) {}
