package org.astropool.internal.figure;

/**
 * How a line is drawn.
 *
 * @param width in points
 * @param dashes lengths of dash and gap in points; empty for a solid line
 */
public record Pen(Ink ink, double width, double... dashes) {
    private static final double[][] DASHES = {{}, {4, 1.8}, {1.2, 1.4}, {5, 1.5, 1.2, 1.5}};

    /** The pen of a number, from 0: its colour and its dashes differ from those of its neighbours. */
    public static Pen of(int number, double width) {
        return new Pen(Ink.of(number), width, DASHES[number % DASHES.length]);
    }
}
