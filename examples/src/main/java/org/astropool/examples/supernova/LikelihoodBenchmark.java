package org.astropool.examples.supernova;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.astropool.task.Axis;
import org.astropool.task.Grid;

/**
 * Prints how long one likelihood takes, for each data set, in one thread, on the flat wCDM grid of 41 x 41 points:
 * {@code scripts/astropool exec org.astropool.examples.supernova.LikelihoodBenchmark [DATA]}.
 */
public final class LikelihoodBenchmark {
    private static final Grid GRID = new Grid(Axis.linear("omega_m", 0, 0.6, 41), Axis.linear("w", -2, -0.4, 41));
    private static final int WARM_UPS = 5;
    private static final int RUNS = 5;

    private LikelihoodBenchmark() {}

    /** @param args the folder that holds the data sets' folders, else ASTROPOOL_DATA, else examples/data */
    public static void main(String[] args) throws IOException {
        String fromEnvironment = System.getenv().getOrDefault("ASTROPOOL_DATA", "examples/data");
        Path data = Path.of(args.length > 0 ? args[0] : fromEnvironment);
        PrintStream out = System.out;
        out.println("milliseconds a point, median of " + RUNS + " runs over " + GRID.size() + " points");
        for (DataSet dataSet : DataSet.values()) {
            HubbleDiagram diagram = dataSet.read(data);
            double milliseconds = medianMilliseconds(new HubbleDiagramLikelihood(diagram));
            out.printf(
                    Locale.ROOT,
                    "%-28s %5d supernovae %8.4f%n",
                    dataSet.label(),
                    diagram.precision().size(),
                    milliseconds);
        }
    }

    private static double medianMilliseconds(HubbleDiagramLikelihood likelihood) {
        for (int i = 0; i < WARM_UPS; i++) {
            milliseconds(likelihood);
        }
        double[] runs = new double[RUNS];
        Arrays.setAll(runs, i -> milliseconds(likelihood));
        Arrays.sort(runs);
        return runs[RUNS / 2];
    }

    private static double milliseconds(HubbleDiagramLikelihood likelihood) {
        double[] point = new double[2];
        double sum = 0;
        long start = System.nanoTime();
        for (long i = 0; i < GRID.size(); i++) {
            GRID.point(i, point);
            sum += likelihood.fit(Cosmology.FLAT_WCDM.expansion(point)).chi2();
        }
        double milliseconds = (System.nanoTime() - start) / 1e6 / GRID.size();
        if (Double.isNaN(sum)) { // also keeps the sum, and so the work, alive
            throw new IllegalStateException("a likelihood is not a number");
        }
        return milliseconds;
    }
}
