package org.astropool.internal.figure;

import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shapes and text on a page, in the order in which they are drawn. Lengths are points, a 72nd of an inch; y grows
 * downwards. For one thread.
 */
public final class Drawing {
    public static final double POINTS_PER_MM = 72 / 25.4;

    private final double width;
    private final double height;
    private final String description;
    private final Typeface typeface = Typeface.get();
    private final List<Element> elements = new ArrayList<>();
    private @Nullable Rectangle2D clip;

    sealed interface Element {}

    /** A shape; filled by the even-odd rule, stroked, or both. */
    record Shape(
            Path2D path,
            @Nullable Ink fill,
            @Nullable Pen stroke,
            @Nullable Rectangle2D clip) implements Element {}

    /**
     * A line of text, whose left end on the baseline is at (x, y).
     *
     * @param angle in degrees, anticlockwise
     */
    record Words(TextLine line, double x, double y, double angle, Ink ink) implements Element {}

    /** @param description what the figure shows, for those who cannot see it */
    public Drawing(double width, double height, String description) {
        this.width = width;
        this.height = height;
        this.description = description;
    }

    public double width() {
        return width;
    }

    public double height() {
        return height;
    }

    String description() {
        return description;
    }

    Typeface typeface() {
        return typeface;
    }

    List<Element> elements() {
        return elements;
    }

    /** What follows is drawn only inside a rectangle; null for no limit. */
    public void clip(@Nullable Rectangle2D area) {
        clip = area;
    }

    public void fill(Path2D path, Ink ink) {
        elements.add(new Shape(path, ink, null, clip));
    }

    public void fillAndStroke(Path2D path, Ink ink, Pen pen) {
        elements.add(new Shape(path, ink, pen, clip));
    }

    public void stroke(Path2D path, Pen pen) {
        elements.add(new Shape(path, null, pen, clip));
    }

    public void line(double x1, double y1, double x2, double y2, Pen pen) {
        Path2D path = new Path2D.Double();
        path.moveTo(x1, y1);
        path.lineTo(x2, y2);
        stroke(path, pen);
    }

    public void rectangle(Rectangle2D area, @Nullable Ink fill, @Nullable Pen pen) {
        elements.add(new Shape(new Path2D.Double(area), fill, pen, clip));
    }

    /** The text as it would be drawn. */
    public TextLine text(String label, double size) {
        return Label.of(label, size, typeface);
    }

    /**
     * Text at a place.
     *
     * @param across where the place is in the width of the text: 0 at its left end, 1 at its right end
     * @param up where it is in the height of its capitals: 0 at the baseline, 1 at their top
     * @param angle in degrees, anticlockwise
     */
    public void words(TextLine line, double x, double y, double across, double up, double angle, Ink ink) {
        double turn = Math.toRadians(angle);
        double right = -across * line.width();
        double down = up * line.capitals();
        elements.add(new Words(
                line,
                x + right * Math.cos(turn) + down * Math.sin(turn),
                y - right * Math.sin(turn) + down * Math.cos(turn),
                angle,
                ink));
    }
}
