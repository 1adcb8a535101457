package org.astropool.internal.job.plan;

import java.util.Arrays;
import java.util.List;
import org.astropool.task.Points;
import org.jspecify.annotations.Nullable;

/**
 * The points that a search proposes, by the number of their evaluation. They are not sent to workers as a whole. Set by
 * one thread at a time, and each point before its number is passed to other threads.
 */
public final class ProposedPoints implements Points {
    private static final long serialVersionUID = 1;

    private final List<String> names;
    private final String identity;
    private final int size;
    private final PointPages layout;
    private final double[] @Nullable [] @Nullable [] points;

    /**
     * Creates room for points.
     *
     * @param size greater than the number of every evaluation
     * @param identity everything that determines the points, as text
     */
    public ProposedPoints(List<String> names, int size, String identity) {
        this.names = List.copyOf(names);
        this.identity = identity;
        this.size = size;
        this.layout = new PointPages(size, 1);
        this.points = new double[layout.count()][][];
    }

    public void set(long number, double[] point) {
        double[] @Nullable [] page = points[layout.page((int) number)];
        if (page == null) {
            page = new double[layout.size()][];
            points[layout.page((int) number)] = page;
        }
        page[layout.place((int) number)] = point;
    }

    /** Everything that determines the points, as text. */
    String identity() {
        return identity;
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public long size() {
        return size;
    }

    /** NaN where nothing was proposed. */
    @Override
    public void point(long index, double[] into) {
        double[] @Nullable [] page = points[layout.page((int) index)];
        double[] point = page == null ? null : page[layout.place((int) index)];
        if (point == null) {
            Arrays.fill(into, Double.NaN);
        } else {
            System.arraycopy(point, 0, into, 0, into.length);
        }
    }
}
