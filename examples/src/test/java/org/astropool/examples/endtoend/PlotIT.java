package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.astropool.examples.supernova.PublishedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contours of the grid of 41 x 41 points, of a chain of the same model, and of a sum over a much finer grid. */
class PlotIT {
    private static final double WIDTH = 0.6;
    private static final double HEIGHT = 1.6;
    private static final int FINE = 241;

    @TempDir
    private Path temp;

    @Test
    void contoursOfGridAndChainEncloseTheSameAreas() throws Exception {
        Path grid = SupernovaGrid.serially(temp).directory();
        Path chain = temp.resolve("chain");
        run("docs/figures/pantheon2018-binned-chain.toml", chain, "sampler.steps=3000");
        double[] fine = posterior(temp.resolve("fine"));
        Path figure = temp.resolve("both.png");

        JsonObject plot = JsonParser.object()
                .from(Command.astropool("plot", grid.toString(), chain.toString(), "--out", figure.toString(), "--json")
                        .run()
                        .with(0)
                        .out());

        assertThat(figure).isNotEmptyFile();
        JsonArray contours = plot.getArray("contours");
        assertThat(contours).hasSize(6);
        for (int i = 0; i < 3; i++) {
            JsonObject ofGrid = contours.getObject(i);
            double mass = ofGrid.getDouble("mass");
            assertThat(ofGrid.getDouble("enclosed")).isCloseTo(mass, Percentage.withPercentage(1));
            assertThat(ofGrid.getDouble("area")).isCloseTo(area(fine, mass), Percentage.withPercentage(1));
            // Few samples lie outside of 99.7 %.
            assertThat(contours.getObject(i + 3).getDouble("area"))
                    .isCloseTo(ofGrid.getDouble("area"), Percentage.withPercentage(i < 2 ? 2 : 5));
        }
    }

    private static void run(String job, Path output, String set) throws Exception {
        Command.astropool("run", Command.CHECKOUT.resolve(job).toString(), "--out", output.toString(), "--set", set)
                .with("ASTROPOOL_DATA", PublishedData.folder().toAbsolutePath().toString())
                .run()
                .with(0);
    }

    /** exp(log_likelihood) of a fine grid, in any order. */
    private static double[] posterior(Path output) throws Exception {
        Path job = Files.writeString(
                output.resolveSibling("fine.toml"),
                Files.readString(Command.CHECKOUT.resolve("examples/jobs/pantheon2018-binned-wcdm.toml"))
                                .replace("count = 41", "count = " + FINE)
                        + "[output]\nformats = [\"csv\"]\n");
        Command.astropool("run", job.toString(), "--out", output.toString())
                .with("ASTROPOOL_DATA", PublishedData.folder().toAbsolutePath().toString())
                .run()
                .with(0);
        List<String> rows = Files.readAllLines(output.resolve("results.csv"));
        int column = List.of(rows.get(0).split(",")).indexOf("log_likelihood");
        double[] logs = rows.stream()
                .skip(1)
                .mapToDouble(row -> Double.parseDouble(row.split(",")[column]))
                .toArray();
        double highest = Arrays.stream(logs).max().orElseThrow();
        return Arrays.stream(logs).map(log -> Math.exp(log - highest)).toArray();
    }

    /** The area of the densest cells that together have the mass. */
    private static double area(double[] density, double mass) {
        double[] sorted = density.clone();
        Arrays.sort(sorted);
        double missing = mass * Arrays.stream(sorted).sum();
        int cells = 0;
        while (missing > 0) {
            cells++;
            missing -= sorted[sorted.length - cells];
        }
        return cells * WIDTH / (FINE - 1) * HEIGHT / (FINE - 1);
    }
}
