package org.astropool.task;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The product of axes; the last axis varies fastest. Immutable. Workers receive a grid as its axes, and its points as
 * indices.
 */
public final class Grid implements Points {
    private static final long serialVersionUID = 1;

    private final List<Axis> axes;
    private final List<String> names;
    private final long size;

    /**
     * @throws IllegalArgumentException when there is no axis, two have the same name (ignoring case), or the number of
     *     points does not fit a long
     */
    public Grid(List<Axis> axes) {
        this.axes = List.copyOf(axes);
        if (axes.isEmpty()) {
            throw new IllegalArgumentException("a grid needs at least one axis");
        }
        Set<String> names = new HashSet<>();
        long product = 1;
        for (Axis axis : axes) {
            if (!names.add(axis.name().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("axis " + axis.name() + " is given twice");
            }
            try {
                product = Math.multiplyExact(product, (long) axis.count());
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(
                        "the grid " + axes + " has more points than the largest index, " + Long.MAX_VALUE, e);
            }
        }
        this.names = axes.stream().map(Axis::name).toList();
        this.size = product;
    }

    public Grid(Axis... axes) {
        this(List.of(axes));
    }

    public List<Axis> axes() {
        return axes;
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public long size() {
        return size;
    }

    /** Counts of the axes, in order. */
    public int[] shape() {
        return axes.stream().mapToInt(Axis::count).toArray();
    }

    @Override
    public void point(long index, double[] into) {
        long rest = index;
        for (int a = axes.size() - 1; a >= 0; a--) {
            Axis axis = axes.get(a);
            into[a] = axis.value((int) (rest % axis.count()));
            rest /= axis.count();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Grid grid && axes.equals(grid.axes);
    }

    @Override
    public int hashCode() {
        return axes.hashCode();
    }

    @Override
    public String toString() {
        return "Grid" + axes;
    }
}
