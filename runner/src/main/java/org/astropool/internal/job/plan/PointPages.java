package org.astropool.internal.job.plan;

/**
 * Divides arrays with values for each point into pages. A page is allocated when its first point has an outcome, so
 * that a large number of points in a record needs almost no memory.
 */
public final class PointPages {
    private static final int MOST_BITS = 10;
    private static final int MOST_VALUES = 1 << 16;
    private static final int MOST_PAGES = 1 << 21;

    private final int points;
    private final int bits;

    /** @param width how many values each point has; pages have fewer points if it is large */
    public PointPages(int points, int width) {
        this.points = points;
        int wanted = 0;
        while (wanted < MOST_BITS && (long) width << (wanted + 1) <= MOST_VALUES) {
            wanted++;
        }
        while (points >> wanted > MOST_PAGES) {
            wanted++;
        }
        this.bits = wanted;
    }

    /** The number of pages. */
    public int count() {
        return (int) (((long) points + (1 << bits) - 1) >> bits);
    }

    /** How many points a page has room for. */
    public int size() {
        return Math.min(1 << bits, points);
    }

    /** The page of a point. */
    public int page(int point) {
        return point >> bits;
    }

    /** The position of a point in its page. */
    public int place(int point) {
        return point & ((1 << bits) - 1);
    }

    /** The first point of a page; for the page after the last one, the number of points. */
    public int first(int page) {
        return (int) Math.min((long) page << bits, points);
    }
}
