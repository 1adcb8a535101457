package org.astropool.internal.contour;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Connects the points at which a level cuts the sides of triangles. A level cuts two sides of a triangle or none, and a
 * side belongs to at most two triangles; so each point has at most two neighbours, and lines never branch. For one use.
 */
final class LineTracer {
    private final double[] x;
    private final double[] y;
    private final double[][] values;
    private final double level;
    private final int corners;
    private final Map<Long, Crossing> crossings = new LinkedHashMap<>();

    private static final class Crossing {
        final double x;
        final double y;
        final List<Crossing> neighbours = new ArrayList<>(2);
        boolean isTaken;

        Crossing(double x, double y) {
            this.x = x;
            this.y = y;
        }
    }

    LineTracer(double[] x, double[] y, double[][] values, double level) {
        this.x = x;
        this.y = y;
        this.values = values;
        this.level = level;
        this.corners = x.length * y.length;
    }

    List<ContourLine> lines() {
        for (int i = 0; i < x.length - 1; i++) {
            for (int j = 0; j < y.length - 1; j++) {
                cell(i, j);
            }
        }
        List<ContourLine> lines = new ArrayList<>();
        for (Crossing one : crossings.values()) {
            if (!one.isTaken && one.neighbours.size() == 1) {
                lines.add(line(one, false));
            }
        }
        for (Crossing one : crossings.values()) {
            if (!one.isTaken) {
                lines.add(line(one, true));
            }
        }
        return lines;
    }

    private void cell(int i, int j) {
        double middle = (values[i][j] + values[i + 1][j] + values[i + 1][j + 1] + values[i][j + 1]) / 4;
        if (Double.isNaN(middle)) {
            return;
        }
        int[] is = {i, i + 1, i + 1, i};
        int[] js = {j, j, j + 1, j + 1};
        boolean isMiddleIn = middle > level;
        for (int side = 0; side < 4; side++) {
            int next = (side + 1) % 4;
            boolean isFirstIn = values[is[side]][js[side]] > level;
            boolean isSecondIn = values[is[next]][js[next]] > level;
            if (isFirstIn == isSecondIn && isFirstIn == isMiddleIn) {
                continue;
            }
            Crossing from = null;
            if (isFirstIn != isSecondIn) {
                from = betweenCorners(is[side], js[side], is[next], js[next]);
            }
            if (isFirstIn != isMiddleIn) {
                Crossing crossing = toMiddle(is[side], js[side], i, j, middle);
                if (from != null) {
                    connect(from, crossing);
                    continue;
                }
                from = crossing;
            }
            if (from != null) {
                connect(from, toMiddle(is[next], js[next], i, j, middle));
            }
        }
    }

    private static void connect(Crossing one, Crossing other) {
        one.neighbours.add(other);
        other.neighbours.add(one);
    }

    private Crossing betweenCorners(int i1, int j1, int i2, int j2) {
        boolean isOrdered = i1 * y.length + j1 < i2 * y.length + j2; // so that both triangles compute the same point
        int fromI = isOrdered ? i1 : i2;
        int fromJ = isOrdered ? j1 : j2;
        int toI = isOrdered ? i2 : i1;
        int toJ = isOrdered ? j2 : j1;
        return crossing(
                corner(fromI, fromJ),
                corner(toI, toJ),
                x[fromI],
                y[fromJ],
                values[fromI][fromJ],
                x[toI],
                y[toJ],
                values[toI][toJ]);
    }

    private Crossing toMiddle(int cornerI, int cornerJ, int i, int j, double middle) {
        return crossing(
                corner(cornerI, cornerJ),
                corners + corner(i, j),
                x[cornerI],
                y[cornerJ],
                values[cornerI][cornerJ],
                (x[i] + x[i + 1]) / 2,
                (y[j] + y[j + 1]) / 2,
                middle);
    }

    private int corner(int i, int j) {
        return i * y.length + j;
    }

    private Crossing crossing(
            int from, int to, double x1, double y1, double value1, double x2, double y2, double value2) {
        return crossings.computeIfAbsent(from * 2L * corners + to, key -> {
            double part = (level - value1) / (value2 - value1);
            return new Crossing(x1 + part * (x2 - x1), y1 + part * (y2 - y1));
        });
    }

    private static ContourLine line(Crossing start, boolean closed) {
        List<Crossing> points = new ArrayList<>();
        Crossing at = start;
        while (at != null) {
            at.isTaken = true;
            Crossing last = points.isEmpty() ? null : points.get(points.size() - 1);
            if (last == null || last.x != at.x || last.y != at.y) {
                points.add(at);
            }
            Crossing next = null;
            for (Crossing neighbour : at.neighbours) {
                if (!neighbour.isTaken) {
                    next = neighbour;
                    break;
                }
            }
            at = next;
        }
        return new ContourLine(
                points.stream().mapToDouble(point -> point.x).toArray(),
                points.stream().mapToDouble(point -> point.y).toArray(),
                closed);
    }
}
