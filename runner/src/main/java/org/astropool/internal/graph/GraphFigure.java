package org.astropool.internal.graph;

import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.astropool.internal.figure.Drawing;
import org.astropool.internal.figure.Ink;
import org.astropool.internal.figure.Pen;
import org.astropool.internal.figure.TextLine;
import org.astropool.internal.graph.GraphLayout.Placed;
import org.astropool.internal.graph.GraphLayout.Size;
import org.astropool.task.ModelGraph;
import org.astropool.task.ModelGraph.Kind;
import org.astropool.task.ModelGraph.Plate;
import org.astropool.task.ModelGraph.Variable;

/**
 * A graph as the package daft draws it: circles, filled where the variable is observed, double where it is
 * deterministic; dots for constants; plates as rounded rectangles with their label at the lower right. The
 * distributions are listed below.
 */
@SuppressWarnings("serial") // javac wants lambdas of this package to be serializable
public final class GraphFigure {
    private static final double MARGIN = 8;
    private static final double TEXT = 9;
    private static final double SMALL_TEXT = 8;
    private static final double LINE = 13;
    private static final double RADIUS = 14;
    private static final double DOT = 2.5;
    /** Between the two outlines of a deterministic variable, and around labels. */
    private static final double INSET = 2.2;

    private static final double LABEL_SIDE = 6;
    private static final double CORNER = 8;
    private static final double ARROW = 6;
    private static final double HALF_ARROW = 2.2;
    private static final Ink FILL = new Ink(0xD9D9D9, 1);
    private static final Pen OUTLINE = new Pen(Ink.BLACK, 0.9);
    private static final Pen FRAME = new Pen(Ink.GREY, 0.8);

    private final ModelGraph graph;
    private final Map<String, TextLine> labels = new HashMap<>();
    private final Map<String, Variable> variables = new HashMap<>();
    private final Drawing measure = new Drawing(1, 1, "");

    private GraphFigure(ModelGraph graph) {
        this.graph = graph;
        for (Variable variable : graph.variables()) {
            variables.put(variable.name(), variable);
            labels.put(variable.name(), measure.text(variable.label(), TEXT));
        }
        for (Plate plate : graph.plates()) {
            labels.put(plate.name(), measure.text(plate.label(), SMALL_TEXT));
        }
    }

    /** @param description what the graph is of */
    public static Drawing of(ModelGraph graph, String description) {
        return new GraphFigure(graph).draw(description);
    }

    private TextLine label(String name) {
        return Objects.requireNonNull(labels.get(name), name);
    }

    private Size size(Variable variable) {
        double label = label(variable.name()).width();
        if (variable.kind() == Kind.FIXED) {
            return new Size(DOT, RADIUS, Math.max(2 * DOT, label));
        }
        double side = LABEL_SIDE + (variable.kind() == Kind.DETERMINISTIC ? INSET : 0);
        double halfWidth = Math.max(RADIUS, label / 2 + side);
        return new Size(halfWidth, RADIUS, 2 * halfWidth);
    }

    private Drawing draw(String description) {
        Placed placed =
                GraphLayout.of(graph, this::size, plate -> label(plate.name()).width());
        List<TextLine[]> formulas = formulas();
        double column =
                formulas.stream().mapToDouble(one -> one[0].width()).max().orElse(0);
        double widest = formulas.stream()
                .mapToDouble(one -> column + one[1].width() + one[2].width())
                .max()
                .orElse(0);
        double width = Math.max(placed.width(), widest) + 2 * MARGIN;
        double height = placed.height() + 2 * MARGIN + (formulas.isEmpty() ? 0 : LINE * formulas.size() + MARGIN / 2);
        Drawing drawing = new Drawing(width, height, description);
        drawing.rectangle(new Rectangle2D.Double(0, 0, width, height), new Ink(0xFFFFFF, 1), null);
        double left = (width - placed.width()) / 2;
        placed.frames().forEach((name, frame) -> drawFrame(drawing, label(name), moved(frame, left)));
        for (Variable variable : graph.variables()) {
            for (String parent : variable.parents()) {
                drawEdge(
                        drawing,
                        Objects.requireNonNull(variables.get(parent)),
                        moved(placed.centre(parent), left),
                        variable,
                        moved(placed.centre(variable.name()), left));
            }
        }
        for (Variable variable : graph.variables()) {
            drawVariable(drawing, variable, moved(placed.centre(variable.name()), left));
        }
        double baseline = placed.height() + 2 * MARGIN + LINE / 2;
        double start = (width - widest) / 2;
        for (TextLine[] formula : formulas) {
            drawing.words(formula[0], start + column, baseline, 1, 0, 0, Ink.BLACK);
            drawing.words(formula[1], start + column, baseline, 0, 0, 0, Ink.BLACK);
            drawing.words(formula[2], start + column + formula[1].width(), baseline, 0, 0, 0, Ink.BLACK);
            baseline += LINE;
        }
        return drawing;
    }

    /** For each variable with a distribution: its label, the sign between, and the distribution. */
    private List<TextLine[]> formulas() {
        List<TextLine[]> formulas = new ArrayList<>();
        for (Variable variable : graph.variables()) {
            if (!variable.distribution().isEmpty()) {
                boolean isFormula = variable.kind() == Kind.DETERMINISTIC || variable.kind() == Kind.FIXED;
                formulas.add(new TextLine[] {
                    measure.text(variable.label(), SMALL_TEXT),
                    measure.text(isFormula ? "  =  " : "  ~  ", SMALL_TEXT),
                    measure.text(variable.distribution(), SMALL_TEXT)
                });
            }
        }
        return formulas;
    }

    private static Point2D moved(Point2D point, double left) {
        return new Point2D.Double(point.getX() + left, point.getY() + MARGIN);
    }

    private static Rectangle2D moved(Rectangle2D frame, double left) {
        return new Rectangle2D.Double(frame.getX() + left, frame.getY() + MARGIN, frame.getWidth(), frame.getHeight());
    }

    private static void drawFrame(Drawing drawing, TextLine label, Rectangle2D frame) {
        drawing.stroke(
                new Path2D.Double(new RoundRectangle2D.Double(
                        frame.getX(), frame.getY(), frame.getWidth(), frame.getHeight(), CORNER, CORNER)),
                FRAME);
        drawing.words(label, frame.getMaxX() - LABEL_SIDE, frame.getMaxY() - LABEL_SIDE, 1, 0, 0, Ink.BLACK);
    }

    private void drawVariable(Drawing drawing, Variable variable, Point2D at) {
        TextLine label = label(variable.name());
        if (variable.kind() == Kind.FIXED) {
            drawing.fill(ellipse(at, DOT, DOT), Ink.BLACK);
            drawing.words(label, at.getX(), at.getY() - DOT - 3, 0.5, 0, 0, Ink.BLACK);
            return;
        }
        Size size = size(variable);
        drawing.fillAndStroke(
                ellipse(at, size.halfWidth(), size.halfHeight()),
                variable.kind() == Kind.OBSERVED ? FILL : new Ink(0xFFFFFF, 1),
                OUTLINE);
        if (variable.kind() == Kind.DETERMINISTIC) {
            drawing.stroke(ellipse(at, size.halfWidth() - INSET, size.halfHeight() - INSET), OUTLINE);
        }
        drawing.words(label, at.getX(), at.getY(), 0.5, 0.5, 0, Ink.BLACK);
    }

    private static Path2D ellipse(Point2D at, double halfWidth, double halfHeight) {
        return new Path2D.Double(
                new Ellipse2D.Double(at.getX() - halfWidth, at.getY() - halfHeight, 2 * halfWidth, 2 * halfHeight));
    }

    private void drawEdge(Drawing drawing, Variable from, Point2D start, Variable to, Point2D end) {
        double length = start.distance(end);
        double dx = (end.getX() - start.getX()) / length;
        double dy = (end.getY() - start.getY()) / length;
        double first = radius(from, dx, dy);
        double tip = length - radius(to, dx, dy);
        double neck = tip - ARROW;
        drawing.line(
                start.getX() + first * dx,
                start.getY() + first * dy,
                start.getX() + neck * dx,
                start.getY() + neck * dy,
                OUTLINE);
        Path2D head = new Path2D.Double();
        head.moveTo(start.getX() + tip * dx, start.getY() + tip * dy);
        head.lineTo(start.getX() + neck * dx - HALF_ARROW * dy, start.getY() + neck * dy + HALF_ARROW * dx);
        head.lineTo(start.getX() + neck * dx + HALF_ARROW * dy, start.getY() + neck * dy - HALF_ARROW * dx);
        head.closePath();
        drawing.fill(head, Ink.BLACK);
    }

    /** Of the outline, in a direction. */
    private double radius(Variable variable, double dx, double dy) {
        if (variable.kind() == Kind.FIXED) {
            return DOT;
        }
        Size size = size(variable);
        return 1 / Math.hypot(dx / size.halfWidth(), dy / size.halfHeight());
    }
}
