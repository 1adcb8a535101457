package org.astropool.internal.figure;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Leaves out points of a line that are nearer than 0.03 points, a hundredth of a millimetre, to the line without them:
 * the algorithm of Douglas and Peucker (1973, Cartographica 10, 112).
 */
final class Simplification {
    private static final double TOLERANCE = 0.03;

    private Simplification() {}

    static boolean[] kept(double[] x, double[] y) {
        boolean[] kept = new boolean[x.length];
        if (x.length < 3) {
            Arrays.fill(kept, true);
            return kept;
        }
        int last = x.length - 1;
        kept[0] = true;
        kept[last] = true;
        Deque<int[]> parts = new ArrayDeque<>();
        // A ring has its ends beside each other; its farthest point divides it first.
        parts.push(new int[] {0, last});
        while (!parts.isEmpty()) {
            int[] part = parts.pop();
            int farthest = -1;
            double distance = TOLERANCE;
            for (int i = part[0] + 1; i < part[1]; i++) {
                double d = distance(x, y, i, part[0], part[1]);
                if (d > distance) {
                    distance = d;
                    farthest = i;
                }
            }
            if (farthest >= 0) {
                kept[farthest] = true;
                parts.push(new int[] {part[0], farthest});
                parts.push(new int[] {farthest, part[1]});
            }
        }
        return kept;
    }

    /** From the segment between two points. */
    private static double distance(double[] x, double[] y, int i, int from, int to) {
        double dx = x[to] - x[from];
        double dy = y[to] - y[from];
        double length = dx * dx + dy * dy;
        double part = length > 0 ? ((x[i] - x[from]) * dx + (y[i] - y[from]) * dy) / length : 0;
        part = Math.max(0, Math.min(1, part));
        return Math.hypot(x[i] - x[from] - part * dx, y[i] - y[from] - part * dy);
    }
}
