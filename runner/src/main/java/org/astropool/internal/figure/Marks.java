package org.astropool.internal.figure;

import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;

/** Marks of points, which differ in shape as well as in colour. */
public final class Marks {
    private Marks() {}

    /** A disc, square, triangle, diamond or cross. */
    public static void draw(Drawing drawing, double x, double y, int number, double r, Ink ink) {
        Path2D path = new Path2D.Double();
        switch (number % 5) {
            case 0 -> path.append(new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r), false);
            case 1 -> polygon(path, x - r, y - r, x + r, y - r, x + r, y + r, x - r, y + r);
            case 2 -> polygon(path, x, y - 1.2 * r, x + 1.2 * r, y + r, x - 1.2 * r, y + r);
            case 3 -> polygon(path, x, y - 1.3 * r, x + 1.3 * r, y, x, y + 1.3 * r, x - 1.3 * r, y);
            default -> {
                Pen pen = new Pen(ink, 0.7 * r);
                drawing.line(x - r, y - r, x + r, y + r, pen);
                drawing.line(x - r, y + r, x + r, y - r, pen);
                return;
            }
        }
        drawing.fill(path, ink);
    }

    private static void polygon(Path2D path, double... points) {
        path.moveTo(points[0], points[1]);
        for (int i = 2; i < points.length; i += 2) {
            path.lineTo(points[i], points[i + 1]);
        }
        path.closePath();
    }
}
