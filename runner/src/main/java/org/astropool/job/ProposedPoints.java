package org.astropool.job;

import java.util.Arrays;
import java.util.List;
import org.astropool.task.Points;
import org.jspecify.annotations.Nullable;

/**
 * The points that a search proposes on its way, by the number of their evaluation. They stay on the master. Thread-safe:
 * each number is set by one thread, before others hear of it.
 */
final class ProposedPoints implements Points {
    private static final long serialVersionUID = 1;

    private final List<String> names;
    private final String identity;
    private final double[] @Nullable [] points;

    /**
     * Room for points.
     *
     * @param size more than any number of an evaluation
     * @param identity what decides on the points, in words
     */
    ProposedPoints(List<String> names, int size, String identity) {
        this.names = List.copyOf(names);
        this.identity = identity;
        this.points = new double[size][];
    }

    void set(long number, double[] point) {
        points[(int) number] = point;
    }

    /** What decides on the points, in words. */
    String identity() {
        return identity;
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public long size() {
        return points.length;
    }

    /** NaN where nothing was proposed. */
    @Override
    public void point(long index, double[] into) {
        double[] point = points[(int) index];
        if (point == null) {
            Arrays.fill(into, Double.NaN);
        } else {
            System.arraycopy(point, 0, into, 0, into.length);
        }
    }
}
