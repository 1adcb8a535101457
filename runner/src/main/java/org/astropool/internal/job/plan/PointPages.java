package org.astropool.internal.job.plan;

/**
 * How what is kept of each point is cut into pages, which take memory when the first of their points has an outcome: so
 * what a record says of the number of points costs next to nothing.
 */
public final class PointPages {
    private static final int MOST_BITS = 10;
    private static final int MOST_VALUES = 1 << 16;
    private static final int MOST_PAGES = 1 << 21;

    private final int points;
    private final int bits;

    /** @param width how many values are kept of a point; few points share a page where it is large */
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

    /** The place of a point in its page. */
    public int place(int point) {
        return point & ((1 << bits) - 1);
    }

    /** The first point of a page; that of the page behind the last is the number of points. */
    public int first(int page) {
        return (int) Math.min((long) page << bits, points);
    }
}
