package org.astropool.internal.figure;

/**
 * A colour.
 *
 * @param rgb 0xRRGGBB
 * @param alpha from 0, invisible, to 1
 */
public record Ink(int rgb, double alpha) {
    public static final Ink BLACK = new Ink(0x000000, 1);
    public static final Ink GREY = new Ink(0x777777, 1);
    public static final Ink PALE = new Ink(0xBBBBBB, 1);

    /** The colours of Okabe and Ito (2008, Color Universal Design), the most different first. */
    private static final int[] PALETTE = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000};

    /** The colour of a number, from 0; they repeat. */
    public static Ink of(int number) {
        return new Ink(PALETTE[number % PALETTE.length], 1);
    }

    public Ink with(double otherAlpha) {
        return new Ink(rgb, otherAlpha);
    }

    String hex() {
        return String.format(java.util.Locale.ROOT, "#%06x", rgb);
    }
}
