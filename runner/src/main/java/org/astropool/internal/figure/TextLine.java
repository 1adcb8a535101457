package org.astropool.internal.figure;

import java.util.List;

/**
 * A line of text with sub- and superscripts.
 *
 * @param runs from left to right
 * @param width in points
 * @param capitals height of a capital in points
 * @param text in plain letters
 */
public record TextLine(List<Run> runs, double width, double capitals, String text) {
    /**
     * Characters of one size on one line.
     *
     * @param x from the start of the line
     * @param rise above the baseline
     * @param isOblique slanted, as variables are
     */
    record Run(String text, double x, double rise, double size, boolean isOblique) {}
}
