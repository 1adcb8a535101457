package org.astropool.internal.figure;

import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.astropool.internal.figure.Axis.Tick;
import org.astropool.internal.figure.Axis.Ticks;

/** A rectangle of a drawing with two axes. */
public final class Panel {
    private static final double TICK = 2.5;
    private static final double GAP = 2.5;
    private static final int MOST_TICKS = 7;

    /** Letters of a label, in points. */
    private static final double SMALLEST = 3.5;

    /** How far a number may reach beyond the frame. */
    private static final double OVERHANG = 1;

    /** Of the size of labels. */
    private static final double TICK_SIZE = 0.88;

    private final Drawing drawing;
    private final Rectangle2D box;
    private final Axis x;
    private final Axis y;
    private final double size;
    private final boolean isUpright;
    private final Ticks xTicks;
    private final Ticks yTicks;

    /**
     * A panel.
     *
     * @param box inside its frame
     * @param size of the labels, in points
     */
    public Panel(Drawing drawing, Rectangle2D box, Axis x, Axis y, double size) {
        this(drawing, box, x, y, size, false);
    }

    /**
     * The same.
     *
     * @param isUpright whether the numbers below are turned upright, since they have no room beside each other
     */
    public Panel(Drawing drawing, Rectangle2D box, Axis x, Axis y, double size, boolean isUpright) {
        this.drawing = drawing;
        this.box = box;
        this.x = x;
        this.y = y;
        this.size = size;
        this.isUpright = isUpright;
        this.xTicks =
                isUpright ? x.ticks((int) Math.max(3, Math.min(MOST_TICKS, box.getWidth() / (2 * size)))) : xTicks();
        this.yTicks = y.ticks((int) Math.max(3, Math.min(MOST_TICKS, box.getHeight() / (2 * size))));
    }

    /** As many as have room beside each other; but two, if there are finer ticks of which two have room. */
    private Ticks xTicks() {
        for (int most = MOST_TICKS; most > 1; most--) {
            Ticks ticks = x.ticks(most);
            if (withRoom(ticks).size() >= 2 && haveDistance(withRoom(ticks))) {
                return ticks;
            }
        }
        for (int most = 3; most <= MOST_TICKS; most++) {
            Ticks ticks = x.ticks(most);
            List<Tick> all = withRoom(ticks);
            if (all.size() >= 2) {
                List<Tick> outer = List.of(all.get(0), all.get(all.size() - 1));
                if (haveDistance(outer)) {
                    return new Ticks(outer, ticks.exponent());
                }
            }
        }
        return x.ticks(2);
    }

    /** Those whose numbers do not reach so far beyond the frame that they may meet a number of the next panel. */
    private List<Tick> withRoom(Ticks ticks) {
        return ticks.ticks().stream()
                .filter(tick -> {
                    double half = width(tick) / 2;
                    return x(tick.value()) - half > box.getMinX() - OVERHANG
                            && x(tick.value()) + half < box.getMaxX() + OVERHANG;
                })
                .toList();
    }

    private boolean haveDistance(List<Tick> ticks) {
        for (int i = 1; i < ticks.size(); i++) {
            double room = x(ticks.get(i).value()) - x(ticks.get(i - 1).value());
            if (room < (width(ticks.get(i)) + width(ticks.get(i - 1))) / 2 + 0.6 * size) {
                return false;
            }
        }
        return true;
    }

    private double width(Tick tick) {
        return drawing.text(tick.text(), size * TICK_SIZE).width();
    }

    private static double widest(Drawing drawing, Ticks ticks, double size) {
        return ticks.ticks().stream()
                .mapToDouble(tick -> drawing.text(tick.text(), size * TICK_SIZE).width())
                .max()
                .orElse(0);
    }

    /** The room that ticks and label need to the left of a panel of a height. */
    public static double left(Drawing drawing, Axis y, double height, double size) {
        Ticks ticks = y.ticks((int) Math.max(3, Math.min(MOST_TICKS, height / (2 * size))));
        return widest(drawing, ticks, size) + GAP + 1.75 * size;
    }

    /** The room that ticks and label need below a panel. */
    public static double below(double size) {
        return GAP + 2.75 * size;
    }

    public double x(double value) {
        return box.getX() + x.fraction(value) * box.getWidth();
    }

    public double y(double value) {
        return box.getMaxY() - y.fraction(value) * box.getHeight();
    }

    public Rectangle2D box() {
        return box;
    }

    /** Whether the numbers below have room for at least two beside each other. */
    public boolean hasRoomBelow() {
        return withRoom(xTicks).size() >= 2 && haveDistance(withRoom(xTicks));
    }

    /** The height of the numbers below. */
    public double numbersBelow() {
        return isUpright ? widest(drawing, xTicks, size) : size;
    }

    /** The frame, with ticks inside. */
    public void frame() {
        Pen pen = new Pen(Ink.BLACK, 0.6);
        for (Tick tick : xTicks.ticks()) {
            double at = x(tick.value());
            drawing.line(at, box.getMaxY(), at, box.getMaxY() - TICK, pen);
            drawing.line(at, box.getMinY(), at, box.getMinY() + TICK, pen);
        }
        for (Tick tick : yTicks.ticks()) {
            double at = y(tick.value());
            drawing.line(box.getMinX(), at, box.getMinX() + TICK, at, pen);
            drawing.line(box.getMaxX(), at, box.getMaxX() - TICK, at, pen);
        }
        drawing.rectangle(box, null, pen);
    }

    /** The frame of a density of one parameter, whose height has no scale. */
    public void frameWithoutHeights() {
        Pen pen = new Pen(Ink.BLACK, 0.6);
        for (Tick tick : xTicks.ticks()) {
            double at = x(tick.value());
            drawing.line(at, box.getMaxY(), at, box.getMaxY() - TICK, pen);
        }
        drawing.rectangle(box, null, pen);
    }

    /** Numbers and label below. */
    public void xLabels() {
        xLabels(size);
    }

    /** The same, with the label below numbers of a height, so that labels of a row align. */
    public void xLabels(double numbersBelow) {
        double baseline = box.getMaxY() + GAP;
        for (Tick tick : isUpright ? xTicks.ticks() : withRoom(xTicks)) {
            TextLine text = drawing.text(tick.text(), size * TICK_SIZE);
            if (isUpright) {
                drawing.words(text, x(tick.value()), baseline, 1, 0.5, 90, Ink.BLACK);
            } else {
                drawing.words(text, x(tick.value()), baseline, 0.5, 1, 0, Ink.BLACK);
            }
        }
        drawing.words(
                fitting(x.label(xTicks), box.getWidth()),
                box.getCenterX(),
                baseline + numbersBelow + 0.35 * size,
                0.5,
                1,
                0,
                Ink.BLACK);
    }

    /** Numbers and label to the left; the label at a distance from the frame, so that labels of a column align. */
    public void yLabels(double distance) {
        for (Tick tick : yTicks.ticks()) {
            drawing.words(
                    drawing.text(tick.text(), size * TICK_SIZE),
                    box.getMinX() - GAP,
                    y(tick.value()),
                    1,
                    0.5,
                    0,
                    Ink.BLACK);
        }
        yLabel(distance);
    }

    /** The label in smaller letters, if it is longer than its panel: else it may meet that of the next one. */
    private TextLine fitting(String label, double length) {
        TextLine text = drawing.text(label, size);
        return text.width() <= length ? text : drawing.text(label, Math.max(SMALLEST, size * length / text.width()));
    }

    /** The label alone. */
    public void yLabel(double distance) {
        drawing.words(
                fitting(y.label(yTicks), box.getHeight()),
                box.getMinX() - distance + 1.2 * size,
                box.getCenterY(),
                0.5,
                0,
                90,
                Ink.BLACK);
    }

    /**
     * The path through points of the data. Points that would not be seen at the resolution of a printer are left out.
     */
    public Path2D path(double[] xs, double[] ys, boolean closed) {
        Path2D path = new Path2D.Double();
        add(path, xs, ys, closed);
        return path;
    }

    public void add(Path2D path, double[] xs, double[] ys, boolean closed) {
        double[] px = new double[xs.length];
        double[] py = new double[xs.length];
        for (int i = 0; i < xs.length; i++) {
            px[i] = x(xs[i]);
            py[i] = y(ys[i]);
        }
        boolean[] kept = Simplification.kept(px, py);
        boolean isFirst = true;
        for (int i = 0; i < px.length; i++) {
            if (kept[i]) {
                if (isFirst) {
                    path.moveTo(px[i], py[i]);
                } else {
                    path.lineTo(px[i], py[i]);
                }
                isFirst = false;
            }
        }
        if (closed && !isFirst) {
            path.closePath();
        }
    }

    /** A mark at a point of the data: disc, square, triangle, diamond, cross by number. */
    public void mark(double valueX, double valueY, int number, double radius, Ink ink) {
        drawing.clip(box);
        Marks.draw(drawing, x(valueX), y(valueY), number, radius, ink);
        drawing.clip(null);
    }
}
