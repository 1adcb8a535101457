package org.astropool.internal.graph;

import org.astropool.internal.figure.Drawing;
import org.astropool.task.ModelGraph;
import org.astropool.task.ModelGraph.Kind;
import org.astropool.task.ModelGraph.Plate;
import org.astropool.task.ModelGraph.Variable;

/**
 * A graph as a flowchart of Mermaid (https://mermaid.js.org), which forges and documentation tools draw: circles,
 * filled where the variable is observed, double where it is deterministic; constants without an outline; plates as
 * subgraphs.
 */
public final class MermaidGraph {
    private static final double ANY_SIZE = 10;

    private final Drawing measure = new Drawing(1, 1, "");
    private final StringBuilder text = new StringBuilder("flowchart TB\n");
    private final ModelGraph graph;

    private MermaidGraph(ModelGraph graph) {
        this.graph = graph;
    }

    public static String of(ModelGraph graph) {
        return new MermaidGraph(graph).write();
    }

    private String write() {
        addContent("", "    ");
        for (Variable variable : graph.variables()) {
            for (String parent : variable.parents()) {
                text.append("    ").append(id(parent)).append(" --> ").append(id(variable.name()));
                text.append('\n');
            }
        }
        addClass(Kind.OBSERVED, "fill:#d9d9d9,stroke:#000,color:#000");
        addClass(Kind.FIXED, "fill:none,stroke:none");
        return text.toString();
    }

    private void addContent(String plate, String indent) {
        for (Variable variable : graph.variables()) {
            if (variable.plate().equals(plate)) {
                text.append(indent).append(node(variable)).append('\n');
            }
        }
        for (Plate inner : graph.plates()) {
            if (inner.parent().equals(plate)) {
                text.append(indent).append("subgraph ").append(id(inner.name()));
                text.append("[\"").append(plain(inner.label())).append("\"]\n");
                addContent(inner.name(), indent + "    ");
                text.append(indent).append("end\n");
            }
        }
    }

    private String node(Variable variable) {
        String label = "\"" + plain(variable.label()) + "\"";
        return id(variable.name())
                + switch (variable.kind()) {
                    case LATENT -> "((" + label + "))";
                    case OBSERVED -> "((" + label + ")):::observed";
                    case DETERMINISTIC -> "(((" + label + ")))";
                    case FIXED -> "[" + label + "]:::fixed";
                };
    }

    private void addClass(Kind kind, String style) {
        if (graph.variables().stream().anyMatch(variable -> variable.kind() == kind)) {
            text.append("    classDef ").append(kind.name().toLowerCase(java.util.Locale.ROOT));
            text.append(' ').append(style).append('\n');
        }
    }

    /** A name of its own, since some words, such as "end", have a meaning in Mermaid. */
    private static String id(String name) {
        return "g_" + name;
    }

    private String plain(String label) {
        return measure.text(label, ANY_SIZE)
                .text()
                .replace("#", "#35;")
                .replace("\"", "#quot;")
                .replace("<", "#lt;")
                .replace(">", "#gt;");
    }
}
