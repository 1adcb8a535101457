package org.astropool.internal.figure;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names of what is drawn, with a sample of each, in rows of the width that there is. */
public final class Legend {
    private static final double SAMPLE = 2;

    private final List<Entry> entries = new ArrayList<>();

    /** @param mark number of the mark, -1 for none */
    private record Entry(
            String label, @Nullable Ink area, @Nullable Pen pen, int mark) {}

    public void area(String label, Ink fill, Pen outline) {
        entries.add(new Entry(label, fill, outline, -1));
    }

    public void line(String label, Pen pen) {
        entries.add(new Entry(label, null, pen, -1));
    }

    public void mark(String label, int number, Ink ink) {
        entries.add(new Entry(label, null, new Pen(ink, 1), number));
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The width of its widest entry. */
    public double widest(Drawing drawing, double size) {
        return entries.stream()
                .mapToDouble(entry -> width(drawing, entry, size))
                .max()
                .orElse(0);
    }

    /** The size of text at which all entries fit into a width; at most the given one. */
    private double fitting(Drawing drawing, double width, double size) {
        return Math.min(size, size * width / Math.max(1, widest(drawing, size)));
    }

    /** The height that it needs. */
    public double height(Drawing drawing, double width, double most) {
        double size = fitting(drawing, width, most);
        return rows(drawing, width, size).size() * 1.35 * size;
    }

    private List<List<Entry>> rows(Drawing drawing, double width, double size) {
        List<List<Entry>> rows = new ArrayList<>();
        double used = Double.POSITIVE_INFINITY;
        for (Entry entry : entries) {
            double wide = width(drawing, entry, size);
            if (used + wide > width * 1.0001) { // the widest fits, but for rounding
                rows.add(new ArrayList<>());
                used = 0;
            }
            rows.get(rows.size() - 1).add(entry);
            used += wide;
        }
        return rows;
    }

    private static double width(Drawing drawing, Entry entry, double size) {
        return drawing.text(entry.label, size).width() + (SAMPLE + 1.6) * size;
    }

    /** Draws it with its upper left corner at a place. */
    public void draw(Drawing drawing, double left, double top, double width, double most) {
        double size = fitting(drawing, width, most);
        double middle = top + 0.6 * size;
        for (List<Entry> row : rows(drawing, width, size)) {
            double x = left;
            for (Entry entry : row) {
                draw(drawing, entry, x, middle, size);
                drawing.words(drawing.text(entry.label, size), x + (SAMPLE + 0.5) * size, middle, 0, 0.5, 0, Ink.BLACK);
                x += width(drawing, entry, size);
            }
            middle += 1.35 * size;
        }
    }

    private static void draw(Drawing drawing, Entry entry, double x, double middle, double size) {
        Pen pen = entry.pen;
        if (entry.mark >= 0 && pen != null) {
            Marks.draw(drawing, x + SAMPLE * size / 2, middle, entry.mark, 0.3 * size, pen.ink());
        } else if (entry.area != null) {
            Rectangle2D box = new Rectangle2D.Double(x, middle - 0.35 * size, SAMPLE * size, 0.7 * size);
            drawing.rectangle(box, entry.area, pen);
        } else if (pen != null) {
            drawing.line(x, middle, x + SAMPLE * size, middle, pen);
        }
    }
}
