package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.astropool.examples.supernova.PublishedData;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The models of light curves and of mixtures have the same results, to the byte, wherever and however they run. */
class ExampleModelsIT {
    private static final int KILLED = 128 + 9;
    private static final List<String> SUPERNOVAE =
            List.of("2004ef", "2004eo", "2004ey", "2005el", "2005hc", "2005ke", "2005ki", "2006ax", "2006D", "2006mr");

    private static final String LIGHT_CURVES = """
            data = "."
            survey = "survey"
            bands = "B, r"
            [tasks]
            """;

    private static final Command ON_OPEN_MPI =
            Command.astropool(Mpiexec.OPEN_MPI.requireInstalled().ranks(2), "run");
    private static final Command ON_MPICH =
            Command.astropool(Mpiexec.MPICH.requireInstalled().ranks(2), "run");

    @TempDir
    private static Path temp;

    /** Light curves that are fitted in a moment, and a table of their features. */
    @BeforeAll
    static void selectLightCurves() throws Exception {
        Path survey = Files.createDirectory(temp.resolve("survey"));
        Path published = PublishedData.folder().resolve("lightcurves-csp3/snana");
        for (String name : SUPERNOVAE) {
            String file = "CSPDR3_" + name + ".DAT";
            Files.copy(published.resolve(file), survey.resolve(file));
        }
        Path job = write("features", "light-curve-features", "surveys = \"survey\"\ndata = \".\"\n[tasks]\n");
        run(Way.SERIAL.run(), job, "features").run().with(0);
    }

    private static Path write(String name, String model, String options) throws IOException {
        return Files.writeString(temp.resolve(name + ".toml"), """
                        [job]
                        name = "%s"
                        seed = 5
                        [output]
                        formats = ["ecsv"]
                        [model]
                        name = "%s"
                        [model.options]
                        %s
                        """.formatted(name, model, options));
    }

    private static Command run(Command run, Path job, String out) {
        return run.and(
                job.toString(), "--progress", "none", "--out", temp.resolve(out).toString());
    }

    @Test
    void featuresAreTheSameOnRanks() throws Exception {
        assertSame("features-mpich", ON_MPICH, temp.resolve("features.toml"), "features");
    }

    /**
     * The master is killed while it writes its journal: with this rate, for each group of points that it writes. Few
     * points that take no time are one group.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mixture | supernova-mixture   | 0.8
            gp      | gp-light-curve      | 0.5
            anomaly | light-curve-anomaly | 1
            """)
    void resultsAreTheSameEverywhere(String name, String model, String rate) throws Exception {
        Path job = write(
                name,
                model,
                switch (name) {
                    case "mixture" -> """
                    dataset = "simulated"
                    simulation_count = 20
                    [model.fixed]
                    offset = 0.0
                    outlier_mean = 0.5
                    outlier_sigma = 0.6
                    [grid]
                    omega_m = { from = 0.1, to = 0.5, count = 81 }
                    outlier_fraction = { from = 0.0, to = 0.4, count = 81 }
                    """;
                    case "gp" -> "hyperparameters = \"maximum\"\n" + LIGHT_CURVES;
                    default -> "features = \"features/results.ecsv\"\n[tasks]\n";
                });
        run(Way.THREADS.run(), job, name).run().with(0);

        assertSame(name + "-mpich", ON_MPICH, job, name);
        run(Command.astropool("run", "--pool", "processes", "--workers", "2"), job, name + "-killed")
                .with("ASTROPOOL_FAULTS", "seed=1 on=master die-in-write=" + rate)
                .run()
                .with(KILLED);
        assertSame(name + "-killed", ON_OPEN_MPI.and("--resume"), job, name);
    }

    private static void assertSame(String out, Command command, Path job, String reference) throws Exception {
        run(command, job, out).run().with(0);

        assertThat(new Results(temp.resolve(out)).text("results.ecsv"))
                .isEqualTo(new Results(temp.resolve(reference)).text("results.ecsv"));
    }
}
