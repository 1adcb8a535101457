package org.astropool.internal.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.astropool.internal.figure.FigureFormat;
import org.astropool.internal.graph.GraphLayout.Placed;
import org.astropool.internal.graph.GraphLayout.Size;
import org.astropool.task.ModelGraph;
import org.astropool.task.ModelGraph.Kind;
import org.astropool.task.ModelGraph.Plate;
import org.astropool.task.ModelGraph.Variable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("serial") // javac wants lambdas of this package to be serializable
class ModelDrawingTest {
    private static final double HALF = 10;

    private static ModelGraph stars() {
        return new ModelGraph(
                List.of(new Plate("star", "stars $i$"), new Plate("end", "nights \"<#>\"", "star")),
                List.of(
                        Variable.latent("mean", "\\mu"),
                        Variable.deterministic("distance", "d_i").in("star").from("mean"),
                        Variable.fixed("error", "\\sigma_{ij}").in("end"),
                        Variable.observed("parallax", "p_{ij}")
                                .in("end")
                                .from("distance", "error")
                                .distributed("N(1/d_i,\\sigma_{ij}^2)")));
    }

    @Test
    void mermaidHasThePlatesAndTheKindsOfVariables() {
        assertThat(MermaidGraph.of(stars())).isEqualTo("""
                flowchart TB
                    g_mean(("μ"))
                    subgraph g_star["stars i"]
                        g_distance((("d_i")))
                        subgraph g_end["nights #quot;#lt;#35;#gt;#quot;"]
                            g_error["σ_ij"]:::fixed
                            g_parallax(("p_ij")):::observed
                        end
                    end
                    g_mean --> g_distance
                    g_distance --> g_parallax
                    g_error --> g_parallax
                    classDef observed fill:#d9d9d9,stroke:#000,color:#000
                    classDef fixed fill:none,stroke:none
                """);
    }

    @Test
    void svgIsTheSameEveryTimeAndHasTheDescription() throws IOException {
        String svg = svg(stars());

        assertThat(svg)
                .isEqualTo(svg(stars()))
                .contains("stars and their distances")
                .contains("<svg");
    }

    @Test
    void aGraphWithoutVariablesIsAnEmptyPage() throws IOException {
        assertThat(svg(new ModelGraph(List.of(new Plate("empty", "nothing")), List.of())))
                .contains("<svg");
    }

    @Test
    void aLargeGraphIsDrawnInSeconds() {
        List<Variable> variables = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String[] parents = i < 10 ? new String[0] : new String[] {"v" + i / 2, "v" + (i - 7)};
            variables.add(Variable.latent("v" + i, "v").from(parents));
        }
        ModelGraph graph = new ModelGraph(List.of(), variables);

        assertTimeout(
                Duration.ofSeconds(30),
                () -> GraphLayout.of(graph, variable -> new Size(HALF, HALF, 2 * HALF), plate -> 0));
    }

    private static String svg(ModelGraph graph) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FigureFormat.SVG.write(GraphFigure.of(graph, "stars and their distances"), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void platesContainTheirVariablesAndNoOthers(long seed) {
        ModelGraph graph = random(new Random(seed));

        Placed placed = GraphLayout.of(graph, variable -> new Size(HALF, HALF, 2 * HALF), plate -> 40);

        for (Variable variable : graph.variables()) {
            Point2D centre = placed.centre(variable.name());
            Rectangle2D outline = outline(centre);
            assertThat(new Rectangle2D.Double(-1e-9, -1e-9, placed.width() + 2e-9, placed.height() + 2e-9)
                            .contains(outline))
                    .as("%s is on the page", variable)
                    .isTrue();
            for (String parent : variable.parents()) {
                assertThat(placed.centre(parent).getY())
                        .as("%s is above %s", parent, variable)
                        .isLessThan(centre.getY());
            }
            for (Variable other : graph.variables()) {
                assertThat(!other.equals(variable)
                                && outline(placed.centre(other.name())).intersects(outline))
                        .as("%s is on %s", other, variable)
                        .isFalse();
            }
            placed.frames().forEach((plate, frame) -> {
                if (isIn(graph, variable.plate(), plate)) {
                    assertThat(frame.contains(outline))
                            .as("%s contains %s", plate, variable)
                            .isTrue();
                } else {
                    assertThat(frame.intersects(outline))
                            .as("%s meets %s", plate, variable)
                            .isFalse();
                }
            });
        }
        placed.frames()
                .forEach((one, frame) -> placed.frames().forEach((other, otherFrame) -> {
                    if (!isIn(graph, one, other) && !isIn(graph, other, one)) {
                        assertThat(frame.intersects(otherFrame))
                                .as("%s meets %s", one, other)
                                .isFalse();
                    }
                }));
    }

    private static Rectangle2D outline(Point2D centre) {
        return new Rectangle2D.Double(centre.getX() - HALF, centre.getY() - HALF, 2 * HALF, 2 * HALF);
    }

    private static boolean isIn(ModelGraph graph, String inner, String outer) {
        String plate = inner;
        while (!plate.isEmpty() && !plate.equals(outer)) {
            String current = plate;
            plate = graph.plates().stream()
                    .filter(one -> one.name().equals(current))
                    .findFirst()
                    .orElseThrow()
                    .parent();
        }
        return plate.equals(outer);
    }

    private static ModelGraph random(Random random) {
        List<Plate> plates = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            plates.add(new Plate("plate" + i, "plate " + i, i > 0 && random.nextBoolean() ? "plate" + (i - 1) : ""));
        }
        List<Variable> variables = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int number = i;
            String[] parents = random.ints(random.nextInt(3), 0, Math.max(1, number))
                    .distinct()
                    .filter(parent -> parent < number)
                    .mapToObj(parent -> "v" + parent)
                    .toArray(String[]::new);
            Kind kind = parents.length == 0 ? Kind.FIXED : Kind.LATENT;
            String plate = random.nextInt(3) == 0 ? "" : "plate" + random.nextInt(4);
            variables.add(new Variable("v" + i, kind, "v_" + i, "", List.of(parents), plate));
        }
        return new ModelGraph(plates, variables);
    }
}
