package org.astropool.internal.graph;

import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.astropool.task.ModelGraph;
import org.astropool.task.ModelGraph.Plate;
import org.astropool.task.ModelGraph.Variable;

/**
 * Where the variables and plates of a graph are: each variable in a row below its parents (Sugiyama, Tagawa &amp; Toda
 * 1981, IEEE Trans. SMC 11, 109), each plate a rectangle around its variables and no others. The order from left to
 * right begins as declared; then variables and plates are moved, one at a time, while the drawing becomes smaller,
 * edges become shorter, or fewer of them cross something. Variables outside of plates that have no parents may also
 * move up. Deterministic; meant for some dozens of variables.
 *
 * <p>Lengths are points; y grows downwards.
 */
@SuppressWarnings("serial") // javac wants lambdas of this package to be serializable
final class GraphLayout {
    private static final double PLATE_SIDE = 9;
    private static final double PLATE_TOP = 8;
    private static final double PLATE_BOTTOM = 16; // with room for the label

    private static final double COLUMN_GAP = 14;
    private static final double ROW_GAP = 24;
    private static final double CLEARANCE = 2;
    private static final int SETTLING_STEPS = 12;

    /** Above the others, for variables without parents. */
    private static final int SPARE_ROWS = 1;

    /** Of orders, times the number of variables and edges: a large graph is drawn in seconds, too. */
    private static final int MOST_WORK = 1_000_000;

    private static final double LEAST_GAIN = 1e-6;
    private static final double HEIGHT = 1.5;
    private static final double CROSSING = 60;
    private static final double VARIABLE_TOUCHED = 100;
    private static final double VARIABLE_CUT = 2_000;
    private static final double PLATE_IN_THE_WAY = 25;

    private final Map<String, Variable> variables = new LinkedHashMap<>();
    private final Map<String, Plate> plates = new LinkedHashMap<>();
    private final Map<String, Size> sizes = new HashMap<>();
    private final Map<String, Double> labelWidths = new HashMap<>();
    private final List<Edge> edges = new ArrayList<>();

    /** By plate, "" for the page: the variables and plates directly in it, from left to right. */
    private final Map<String, List<String>> contents = new LinkedHashMap<>();

    private final Map<String, Rows> rows = new HashMap<>();
    private final Map<String, Integer> lowestRows = new HashMap<>();
    private int trialsLeft;

    /** Half the axes of the outline of a variable, and its width with its label. */
    record Size(double halfWidth, double halfHeight, double width) {}

    /** A finished layout: the centres of the variables, the frames of the plates, and the size of all. */
    record Placed(Map<String, Point2D> centres, Map<String, Rectangle2D> frames, double width, double height) {
        Point2D centre(String variable) {
            return Objects.requireNonNull(centres.get(variable));
        }
    }

    private record Edge(String from, String to) {
        boolean meets(Edge other) {
            return from.equals(other.from) || from.equals(other.to) || to.equals(other.from) || to.equals(other.to);
        }
    }

    /** From the first to the last row of a variable or plate. */
    private record Rows(int first, int last) {
        boolean overlap(Rows other) {
            return first <= other.last && other.first <= last;
        }

        Rows with(Rows other) {
            return new Rows(Math.min(first, other.first), Math.max(last, other.last));
        }
    }

    /** From left to right. */
    private record Span(double left, double right) {
        Span moved(double by) {
            return new Span(left + by, right + by);
        }
    }

    private GraphLayout(ModelGraph graph, Function<Variable, Size> size, ToDoubleFunction<Plate> labelWidth) {
        for (Plate plate : graph.plates()) {
            plates.put(plate.name(), plate);
            labelWidths.put(plate.name(), labelWidth.applyAsDouble(plate));
        }
        for (Variable variable : graph.variables()) {
            variables.put(variable.name(), variable);
            sizes.put(variable.name(), size.apply(variable));
            variable.parents().forEach(parent -> edges.add(new Edge(parent, variable.name())));
        }
        setRows();
        rows.forEach((name, own) -> lowestRows.put(name, own.first()));
        for (Variable variable : graph.variables()) {
            content(variable.plate()).add(variable.name());
        }
        for (Plate plate : graph.plates()) {
            if (rows.containsKey(plate.name())) { // else it is empty
                content(plate.parent()).add(plate.name());
            }
        }
    }

    /**
     * Lays out a graph.
     *
     * @param labelWidth the width of the label of a plate
     */
    static Placed of(ModelGraph graph, Function<Variable, Size> size, ToDoubleFunction<Plate> labelWidth) {
        GraphLayout layout = new GraphLayout(graph, size, labelWidth);
        layout.improveOrder();
        return layout.placed();
    }

    private List<String> content(String plate) {
        return contents.computeIfAbsent(plate, name -> new ArrayList<>());
    }

    private Rows rows(String name) {
        return Objects.requireNonNull(rows.get(name), name);
    }

    private Size size(String variable) {
        return Objects.requireNonNull(sizes.get(variable), variable);
    }

    /** Below all parents; what has none is directly above its highest child. */
    private void setRows() {
        Map<String, Integer> depths = new HashMap<>();
        variables.keySet().forEach(name -> depth(name, depths));
        for (Variable variable : variables.values()) {
            int row = Objects.requireNonNull(depths.get(variable.name()));
            if (variable.parents().isEmpty()) {
                row = edges.stream()
                                .filter(edge -> edge.from().equals(variable.name()))
                                .mapToInt(edge -> Objects.requireNonNull(depths.get(edge.to())))
                                .min()
                                .orElse(row + 1)
                        - 1;
            }
            row += SPARE_ROWS;
            rows.put(variable.name(), new Rows(row, row));
            for (String plate = variable.plate();
                    !plate.isEmpty();
                    plate = plate(plate).parent()) {
                rows.merge(plate, new Rows(row, row), Rows::with);
            }
        }
    }

    private int depth(String name, Map<String, Integer> depths) {
        Integer known = depths.get(name);
        if (known != null) {
            return known;
        }
        int depth = 0;
        for (String parent : Objects.requireNonNull(variables.get(name)).parents()) {
            depth = Math.max(depth, depth(parent, depths) + 1);
        }
        depths.put(name, depth);
        return depth;
    }

    private Plate plate(String name) {
        return Objects.requireNonNull(plates.get(name), name);
    }

    /** The y of each row, with room for the upper and lower ends of plates; a row without variables has no height. */
    private List<Double> middles() {
        int count = rows.values().stream().mapToInt(Rows::last).max().orElse(-1) + 1;
        double half = halfHeight();
        List<Double> middles = new ArrayList<>();
        double y = 0;
        boolean isFirst = true;
        for (int row = 0; row < count; row++) {
            int current = row;
            if (variables.keySet().stream().noneMatch(name -> rows(name).first() == current)) {
                middles.add(y);
                continue;
            }
            double above = plates.keySet().stream()
                            .filter(name -> rows.containsKey(name) && rows(name).first() == current)
                            .mapToInt(name -> nested(name, true))
                            .max()
                            .orElse(0)
                    * PLATE_TOP;
            double below = plates.keySet().stream()
                            .filter(name -> rows.containsKey(name) && rows(name).last() == current - 1)
                            .mapToInt(name -> nested(name, false))
                            .max()
                            .orElse(0)
                    * PLATE_BOTTOM;
            y += isFirst ? half + above : 2 * half + Math.max(ROW_GAP, above + below + CLEARANCE);
            isFirst = false;
            middles.add(y);
        }
        return middles;
    }

    private double halfHeight() {
        return sizes.values().stream().mapToDouble(Size::halfHeight).max().orElse(0);
    }

    /** How many plates, one in the other, begin (or end) in the same row as this one. */
    private int nested(String plate, boolean isBegin) {
        int most = 0;
        for (String inner : content(plate)) {
            if (plates.containsKey(inner)
                    && (isBegin
                            ? rows(inner).first() == rows(plate).first()
                            : rows(inner).last() == rows(plate).last())) {
                most = Math.max(most, nested(inner, isBegin));
            }
        }
        return most + 1;
    }

    private void improveOrder() {
        double best = cost(placed());
        double before;
        trialsLeft = MOST_WORK / Math.max(1, variables.size() * edges.size());
        do {
            before = best;
            for (List<String> order : contents.values()) {
                for (String name : List.copyOf(order)) {
                    for (int row = lowestRow(name); row >= highestRow(name); row--) {
                        best = tryPlaces(order, name, row, best);
                    }
                }
            }
        } while (best < before && trialsLeft > 0);
    }

    /** Where a variable may move up to: to the top when it is outside of plates and has no parents. */
    private int highestRow(String name) {
        Variable variable = variables.get(name);
        boolean isFree = variable != null
                && variable.parents().isEmpty()
                && variable.plate().isEmpty();
        return isFree ? 0 : lowestRow(name);
    }

    private int lowestRow(String name) {
        return Objects.requireNonNull(lowestRows.get(name), name);
    }

    /** Moves one thing to the best place in an order, in this row or where it is. */
    private double tryPlaces(List<String> order, String name, int row, double bestSoFar) {
        double best = bestSoFar;
        for (int to = 0; to < order.size() && trialsLeft > 0; to++) {
            int from = order.indexOf(name);
            Rows oldRows = rows(name);
            order.remove(from);
            order.add(to, name);
            rows.put(name, new Rows(row, row + oldRows.last() - oldRows.first()));
            trialsLeft--;
            double cost = cost(placed());
            if (cost < best - LEAST_GAIN) {
                best = cost;
            } else {
                order.remove(to);
                order.add(from, name);
                rows.put(name, oldRows);
            }
        }
        return best;
    }

    private double cost(Placed placed) {
        double cost = placed.width() + HEIGHT * placed.height();
        List<Line2D> lines = new ArrayList<>();
        for (Edge edge : edges) {
            Line2D line = new Line2D.Double(placed.centre(edge.from()), placed.centre(edge.to()));
            cost += Math.abs(line.getX2() - line.getX1());
            for (int i = 0; i < lines.size(); i++) {
                if (!edges.get(i).meets(edge) && lines.get(i).intersectsLine(line)) {
                    cost += CROSSING;
                }
            }
            lines.add(line);
            cost += inTheWay(edge, line, placed);
        }
        return cost;
    }

    private double inTheWay(Edge edge, Line2D line, Placed placed) {
        double cost = 0;
        for (Variable variable : variables.values()) {
            Size size = size(variable.name());
            Point2D centre = placed.centre(variable.name());
            double halfWidth = Math.max(size.halfWidth(), size.width() / 2) + CLEARANCE;
            double halfHeight = size.halfHeight() + CLEARANCE;
            boolean isItsOwn =
                    variable.name().equals(edge.from()) || variable.name().equals(edge.to());
            if (!isItsOwn
                    && line.intersects(
                            centre.getX() - halfWidth, centre.getY() - halfHeight, 2 * halfWidth, 2 * halfHeight)) {
                double depth = 1 - line.ptSegDist(centre) / halfHeight;
                cost += VARIABLE_TOUCHED + VARIABLE_CUT * Math.max(0, depth);
            }
        }
        for (Map.Entry<String, Rectangle2D> frame : placed.frames().entrySet()) {
            if (!isIn(edge.from(), frame.getKey())
                    && !isIn(edge.to(), frame.getKey())
                    && line.intersects(frame.getValue())) {
                cost += PLATE_IN_THE_WAY;
            }
        }
        return cost;
    }

    private boolean isIn(String variable, String plate) {
        String around = Objects.requireNonNull(variables.get(variable)).plate();
        while (!around.isEmpty() && !around.equals(plate)) {
            around = plate(around).parent();
        }
        return around.equals(plate);
    }

    private Placed placed() {
        Map<String, Span> spans = new HashMap<>();
        Span page = place("", spans);
        List<Double> middles = middles();
        double half = halfHeight();
        Map<String, Point2D> centres = new LinkedHashMap<>();
        Map<String, Rectangle2D> frames = new LinkedHashMap<>();
        double bottom = middles.isEmpty() ? 0 : middles.get(middles.size() - 1) + half;
        for (String name : variables.keySet()) {
            Span span = span(name, spans);
            centres.put(
                    name,
                    new Point2D.Double(
                            (span.left() + span.right()) / 2,
                            middles.get(rows(name).first())));
        }
        for (String name : plates.keySet()) {
            if (!rows.containsKey(name)) {
                continue;
            }
            Span span = span(name, spans);
            double top = middles.get(rows(name).first()) - half - nested(name, true) * PLATE_TOP;
            double end = middles.get(rows(name).last()) + half + nested(name, false) * PLATE_BOTTOM;
            frames.put(name, new Rectangle2D.Double(span.left(), top, span.right() - span.left(), end - top));
            bottom = Math.max(bottom, end);
        }
        return new Placed(centres, frames, page.right(), bottom);
    }

    private static Span span(String name, Map<String, Span> spans) {
        return Objects.requireNonNull(spans.get(name), name);
    }

    /**
     * Places the content of a plate, or of the page, from x = 0.
     *
     * @param spans gets those of all that is inside
     * @return from 0 to its width
     */
    private Span place(String plate, Map<String, Span> spans) {
        List<String> order = content(plate);
        for (int i = 0; i < order.size(); i++) {
            String name = order.get(i);
            Span own;
            if (plates.containsKey(name)) {
                Span inner = place(name, spans);
                double width = Math.max(inner.right(), Objects.requireNonNull(labelWidths.get(name)));
                double pad = PLATE_SIDE + (width - inner.right()) / 2;
                move(content(name), pad, spans);
                own = new Span(0, width + 2 * PLATE_SIDE);
            } else {
                own = new Span(0, size(name).width());
            }
            spans.put(name, own);
            double left = 0;
            for (String before : order.subList(0, i)) {
                if (rows(before).overlap(rows(name))) {
                    left = Math.max(left, span(before, spans).right() + COLUMN_GAP);
                }
            }
            move(List.of(name), left, spans);
        }
        for (int step = 0; step < SETTLING_STEPS; step++) {
            for (int i = 0; i < order.size(); i++) {
                settle(plate, step % 2 == 0 ? i : order.size() - 1 - i, spans);
            }
        }
        double left = order.stream()
                .mapToDouble(name -> span(name, spans).left())
                .min()
                .orElse(0);
        move(order, -left, spans);
        return new Span(
                0,
                order.stream()
                        .mapToDouble(name -> span(name, spans).right())
                        .max()
                        .orElse(0));
    }

    /** Moves things, and what is in them. */
    private void move(List<String> names, double by, Map<String, Span> spans) {
        for (String name : names) {
            spans.put(name, span(name, spans).moved(by));
            if (plates.containsKey(name)) {
                move(content(name), by, spans);
            }
        }
    }

    /** Moves one thing towards the other ends of its edges, as far as its neighbours allow. */
    private void settle(String plate, int position, Map<String, Span> spans) {
        List<String> order = content(plate);
        String name = order.get(position);
        double sum = 0;
        int count = 0;
        for (Edge edge : edges) {
            boolean isFrom = isPartOf(edge.from(), name);
            boolean isTo = isPartOf(edge.to(), name);
            String other = isFrom ? edge.to() : edge.from();
            if (isFrom != isTo && (plate.isEmpty() || isIn(other, plate))) {
                sum += (isFrom ? 1 : -1) * (middle(edge.to(), spans) - middle(edge.from(), spans));
                count++;
            }
        }
        if (count == 0) {
            return;
        }
        Span own = span(name, spans);
        double by = sum / count;
        for (int i = 0; i < order.size(); i++) {
            Span other = span(order.get(i), spans);
            if (i < position && rows(order.get(i)).overlap(rows(name))) {
                by = Math.max(by, other.right() + COLUMN_GAP - own.left());
            }
        }
        for (int i = 0; i < order.size(); i++) {
            Span other = span(order.get(i), spans);
            if (i > position && rows(order.get(i)).overlap(rows(name))) {
                by = Math.min(by, other.left() - COLUMN_GAP - own.right());
            }
        }
        move(List.of(name), by, spans);
    }

    private boolean isPartOf(String variable, String thing) {
        return variable.equals(thing) || (plates.containsKey(thing) && isIn(variable, thing));
    }

    private static double middle(String variable, Map<String, Span> spans) {
        Span span = span(variable, spans);
        return (span.left() + span.right()) / 2;
    }
}
