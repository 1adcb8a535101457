package org.astropool.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.astropool.internal.launch.Launch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotCommandTest {
    private static final String GRID = """
            [parameters]
            x1 = { label = "\\\\Omega_m", prior = { kind = "normal", mean = 0.0, std = 2.0 } }
            [grid]
            x1 = { from = -4.0, to = 4.0, count = 25 }
            x2 = { from = -4.0, to = 4.0, count = 21 }
            """;
    private static final String CHAIN = """
            [parameters]
            x1 = { prior = { kind = "normal", mean = 0.0, std = 2.0 } }
            x2 = { prior = { kind = "flat", from = -4.0, to = 4.0 } }
            [sampler]
            walkers = 20
            steps = 800
            """;

    @TempDir
    private Path temp;

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private int astropool(String... arguments) {
        out.reset();
        err.reset();
        return Astropool.execute(new Ranks(Launch.of(Map.of()), arguments), arguments);
    }

    private Path run(String name, String model, String what) throws IOException {
        Path job = Files.writeString(
                temp.resolve(name + ".toml"), "[job]\nname = \"" + name + "\"\nseed = 7\n[model]\n" + model + what);
        Path directory = temp.resolve(name);
        int code = astropool("run", job.toString(), "--out", directory.toString(), "--pool", "serial");
        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isIn(0, 3);
        return directory;
    }

    private Path grid() throws IOException {
        return run("grid", "name = \"bell\"\n", GRID);
    }

    private void assertRefused(String message, String... arguments) throws IOException {
        try (Stream<Path> before = Files.walk(temp)) {
            List<Path> files = before.toList();
            assertThat(astropool(arguments)).isEqualTo(2);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains(message);
            try (Stream<Path> after = Files.walk(temp)) {
                assertThat(after).containsExactlyInAnyOrderElementsOf(files);
            }
        }
    }

    /** The posterior is Gaussian: sigma 1 in x2; 1 and the prior of 2 in x1. */
    @Test
    void contoursOfAGridAndOfAChainEncloseTheAreasOfTheirEllipses() throws Exception {
        Path grid = grid();
        Path chain = run("chain", "name = \"bell\"\n", CHAIN);
        Path file = temp.resolve("both.pdf");

        assertThat(astropool("plot", grid.toString(), chain.toString(), "--out", file.toString(), "--json"))
                .isZero();

        JsonObject json = JsonParser.object().from(out.toString(StandardCharsets.UTF_8));
        JsonArray contours = json.getArray("contours");
        assertThat(contours).hasSize(6);
        for (int i = 0; i < 6; i++) {
            JsonObject contour = contours.getObject(i);
            double mass = contour.getDouble("mass");
            double ellipse = -2 * Math.log1p(-mass) * Math.PI * Math.sqrt(0.8);
            assertThat(contour.getDouble("enclosed")).isCloseTo(mass, Percentage.withPercentage(0.1));
            // 99.7 % of a chain is decided by a few samples, and of this grid a part lies outside.
            boolean isOutermost = i % 3 == 2;
            assertThat(contour.getDouble("area"))
                    .isCloseTo(ellipse, Percentage.withPercentage(i < 3 ? 1 : isOutermost ? 12 : 6));
        }
        assertThat(Files.size(file)).isGreaterThan(5000);
    }

    @Test
    void theSameRunIsTheSameSvg() throws Exception {
        Path grid = grid();
        assertThat(astropool("plot", grid.toString(), "--truth", "x1=0", "--point", "Planck 2018:x1=1,x2=0.5"))
                .isZero();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("the contour plot is in " + grid.resolve("contour.svg"));
        byte[] first = Files.readAllBytes(grid.resolve("contour.svg"));
        Path again = temp.resolve("again.svg");
        assertThat(astropool(
                        "plot",
                        grid.toString(),
                        "--truth",
                        "x1=0",
                        "--point",
                        "Planck 2018:x1=1,x2=0.5",
                        "--out",
                        again.toString()))
                .isZero();
        assertThat(Files.readAllBytes(again)).isEqualTo(first);
        assertThat(new String(first, StandardCharsets.UTF_8))
                .contains(
                        "aria-label=\"Ω_m\"", "aria-label=\"x2\"", "aria-label=\"true\"", "aria-label=\"Planck 2018\"");
    }

    @Test
    void aRunThatWasKilledIsDrawnAsFarAsItIsInItsJournal() throws Exception {
        Path grid = grid();
        Files.delete(grid.resolve("summary.json"));
        Path journal = grid.resolve("journal/points.journal");
        byte[] whole = Files.readAllBytes(journal);
        Files.write(journal, Arrays.copyOf(whole, whole.length * 3 / 4));

        assertThat(astropool(
                        "plot",
                        grid.toString(),
                        "--out",
                        temp.resolve("killed.svg").toString()))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();
    }

    @Test
    void eachKindIsDrawn() throws Exception {
        Path three = run("three", "name = \"bell\"\noptions.dimensions = 3\n", """
                [grid]
                x1 = { values = [-2.0, 0.5, -1.0, 3.0, 0.0, 1.0, 2.0] }
                x2 = { from = -4.0, to = 4.0, count = 9 }
                x3 = { from = 0.1, to = 4.0, count = 9, spacing = "log" }
                """);
        Path chain = run("chain", "name = \"bell\"\n", CHAIN.replace("800", "100"));
        Path maximum = run(
                "maximum", "name = \"bell\"\n", CHAIN.replaceFirst("(?s)\\[sampler\\].*", "[maximize]\nstarts = 2\n"));
        for (List<String> words : List.of(
                List.of(three.toString()),
                List.of(three.toString(), "--params", "x3,x1"),
                List.of(three.toString(), "--kind", "marginal", "--width", "174mm"),
                List.of(three.toString(), chain.toString(), "--params", "x1", "--label", "a", "--label", "b"),
                List.of(chain.toString(), "--kind", "TRACE"),
                List.of(chain.toString(), "--kind", "corner", "--width", "two"),
                List.of(chain.toString(), "--kind", "timeline"),
                List.of(maximum.toString()))) {
            boolean isCorner = words.size() == 1;
            for (String ending : isCorner ? List.of(".svg", ".pdf", ".png") : List.of(".svg")) {
                Path file = temp.resolve("figure" + ending);
                Files.deleteIfExists(file);
                assertThat(astropool(Stream.of(List.of("plot"), words, List.of("--out", file.toString()))
                                .flatMap(List::stream)
                                .toArray(String[]::new)))
                        .as(words + err.toString(StandardCharsets.UTF_8))
                        .isZero();
                assertThat(file).isNotEmptyFile();
                if (ending.equals(".svg")) {
                    assertThat(Files.readString(file))
                            .doesNotContain("NaN", "Infinity")
                            .contains("<path");
                }
            }
        }
    }

    @Test
    void failedPointsAreDrawnByKind() throws Exception {
        Path failing = run("failing", "name = \"sample\"\n", """
                [grid]
                a = { values = [0.0, 13.0, 15.0] }
                b = { values = [1.0, 2.0] }
                """);
        assertThat(astropool("plot", failing.toString(), "--kind", "failures")).isZero();
        assertThat(Files.readString(failing.resolve("failures.svg")))
                .contains("aria-label=\"exception: 2\"", "aria-label=\"skipped: 2\"", "aria-label=\"ok: 2\"");
    }

    @Test
    void whatCannotBeDrawnIsRefusedBeforeAnythingIsWritten() throws Exception {
        Path grid = grid();
        String dir = grid.toString();
        Path line = run("line", "name = \"bell\"\nfixed = { x2 = 0.0 }\n", """
                [grid]
                x1 = { from = -4.0, to = 4.0, count = 9 }
                """);
        assertRefused("no parameter \"x_1\", did you mean \"x1\"? It has x1, x2", "plot", dir, "--params", "x_1,x2");
        assertRefused("did you mean \"contour\"?", "plot", dir, "--kind", "conture");
        assertRefused(
                "one of .svg, .pdf, .png",
                "plot",
                dir,
                "--out",
                temp.resolve("a.jpg").toString());
        assertRefused("holds no run", "plot", temp.toString());
        assertRefused("is not a directory", "plot", temp.resolve("nothing").toString());
        assertRefused("use --kind marginal", "plot", line.toString(), "--kind", "contour");
        assertRefused("parameter x2 is fixed", "plot", line.toString(), "--params", "x2");
        assertRefused("no point of", "plot", dir, "--kind", "failures");
        assertRefused("a chain or the search for a maximum", "plot", dir, "--kind", "trace");
        assertRefused("draws one run, not 2", "plot", dir, dir, "--kind", "timeline");
        assertRefused("have in common x1", "plot", dir, line.toString());
        assertRefused("--truth: the run in", "plot", dir, "--truth", "y=3");
        assertRefused("is not NAME=VALUE", "plot", dir, "--truth", "x1=abc");
        assertRefused("LABEL:NAME=VALUE", "plot", dir, "--point", "x1=3");
        assertRefused("--data is printed with --json", "plot", dir, "--data");
        assertRefused("--width 5 is neither", "plot", dir, "--width", "5");
        assertRefused("1 --label for 2", "plot", dir, dir, "--label", "a");
        assertRefused("named twice", "plot", dir, "--params", "x1,x1");
        assertRefused(
                "is a directory",
                "plot",
                dir,
                "--out",
                Files.createDirectory(temp.resolve("d.svg")).toString());
        assertRefused(
                "cannot be written",
                "plot",
                dir,
                "--out",
                temp.resolve("no/such/a.svg").toString());
    }

    @Test
    void aPeakBetweenThePointsOfTheGridIsDoubted() throws Exception {
        Path coarse = run("coarse", "name = \"bell\"\n", """
                [grid]
                x1 = { from = -10.0, to = 10.0, count = 5 }
                x2 = { from = -10.0, to = 10.0, count = 5 }
                """);
        assertThat(astropool("plot", coarse.toString())).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("has 100 % of the probability", "use a finer grid");
    }

    @Test
    void aFlatPosteriorIsDrawnUpToTheEdgesOfTheGrid() throws Exception {
        Path flat = run("flat", "name = \"bell\"\noptions.dimensions = 3\nfixed = { x3 = 0.0 }\n", """
                [grid]
                x1 = { from = -1e-5, to = 1e-5, count = 5 }
                x2 = { from = -1e-5, to = 1e-5, count = 5 }
                """);
        assertThat(astropool("plot", flat.toString())).isZero();
        assertThat(Files.readString(flat.resolve("contour.svg"))).contains("fill=\"#0072b2\"");
    }

    @Test
    void aModelWithoutLikelihoodHasNoContours() throws Exception {
        Path other = run(
                "other",
                "name = \"bell\"\noptions.output = \"height\"\n",
                GRID.replaceFirst("(?s)\\[parameters\\].*?\\[grid\\]", "[grid]"));
        assertRefused("has no output log_likelihood", "plot", other.toString(), "--kind", "marginal");
        assertThat(astropool("plot", other.toString())).isZero();
        assertThat(other.resolve("timeline.svg")).exists();
    }
}
