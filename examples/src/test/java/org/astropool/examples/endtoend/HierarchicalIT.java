package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.grack.nanojson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.astropool.examples.supernova.PublishedData;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hierarchical fits from real light curves and the JLA table to populations and posteriors. */
class HierarchicalIT {
    private static final Path JOBS = Command.CHECKOUT.resolve("examples/jobs");
    private static final String PROGRAM = "org.astropool.examples.hierarchical.CspPopulation";
    /** The best population of 38 supernovae of the Carnegie Supernova Project. */
    private static final double BEST_CSP = 44.948479;

    private static final double BEST_JLA = 115.406496;

    /** Mean and standard deviation of the posterior of JLA. */
    private static final Map<String, double[]> POSTERIOR = Map.of(
            "omega_m", new double[] {0.321, 0.018},
            "beta", new double[] {3.09, 0.09},
            "sigma_int", new double[] {0.106, 0.005});

    private enum Launcher {
        THREADS(null),
        OPEN_MPI(Mpiexec.OPEN_MPI),
        MPICH(Mpiexec.MPICH);

        private final @Nullable Mpiexec mpiexec;

        Launcher(@Nullable Mpiexec mpiexec) {
            this.mpiexec = mpiexec;
        }

        List<String> words() {
            return mpiexec == null
                    ? List.of()
                    : mpiexec.requireInstalled().ranks(3).line(List.of());
        }

        Map<String, String> environment() {
            return mpiexec == null ? Map.of() : mpiexec.environment();
        }
    }

    @TempDir
    private Path temp;

    private static Command withData(Command command) {
        return command.with(
                "ASTROPOOL_DATA", PublishedData.folder().toAbsolutePath().toString());
    }

    @ParameterizedTest
    @EnumSource
    void lightCurvesBecomeAPopulation(Launcher launcher) throws Exception {
        List<String> words =
                new ArrayList<>(List.of(JOBS.resolve("csp-hierarchical/run.sh").toString(), "--out", temp.toString()));
        words.addAll(launcher.words());

        withData(Command.of(words).with(launcher.environment())).run().with(0);

        assertThat(new Results(temp.resolve("2-supernovae")).summary().getInt("ok"))
                .isEqualTo(38);
        JsonObject best = new Results(temp).summary().getObject("best");
        assertThat(best.getDouble("log_likelihood")).isCloseTo(BEST_CSP, within(1e-4));
        assertThat(best.getDouble("beta")).isCloseTo(3.53807, within(1e-3));

        if (launcher == Launcher.THREADS) {
            withData(Command.of(words)).run().with(0); // finds everything done
            assertThat(new Results(temp).summary().getObject("best")).isEqualTo(best);
        }
    }

    @Test
    void theProgramThatEmbedsThePoolFindsTheSame() throws Exception {
        String data = PublishedData.folder().toAbsolutePath().toString();

        String found = Command.astropool(Mpiexec.OPEN_MPI.requireInstalled().ranks(3), "exec", PROGRAM, data)
                .run()
                .with(0)
                .out();

        assertThat(found).startsWith("38 supernovae");
        Matcher matcher = Pattern.compile("log_likelihood (\\S+);").matcher(found);
        assertThat(matcher.find()).as(found).isTrue();
        assertThat(Double.parseDouble(matcher.group(1))).isCloseTo(BEST_CSP, within(1e-4));
    }

    @Test
    void theMaximumOfJlaIsFoundFromEveryStart() throws Exception {
        String job = Files.readString(JOBS.resolve("jla-hierarchical.toml"));
        Path file = Files.writeString(
                temp.resolve("jla-maximum.toml"),
                job.substring(0, job.indexOf("[sampler]")).replace("jla-hierarchical", "jla-maximum")
                        + "[maximize]\nstarts = 4\n");

        withData(Command.astropool(
                        "run", file.toString(), "--out", temp.resolve("out").toString()))
                .run()
                .with(0);

        JsonObject summary = new Results(temp.resolve("out")).summary();
        assertThat(summary.getObject("best").getDouble("log_likelihood")).isCloseTo(BEST_JLA, within(1e-5));
        assertThat(summary.getObject("best").getDouble("omega_m")).isCloseTo(0.320864, within(1e-4));
        assertThat(summary.getObject("maximum").getInt("agreeing")).isEqualTo(4);
    }

    @Test
    void thePosteriorOfJlaIsThePublishedOne() throws Exception {
        JsonObject marginals = marginals("jla-hierarchical");

        POSTERIOR.forEach((name, known) -> {
            double mean = marginals.getObject(name).getDouble("mean");
            double std = marginals.getObject(name).getDouble("std");
            assertThat(mean).as(name).isCloseTo(known[0], within(0.15 * known[1]));
            assertThat(std).as(name).isCloseTo(known[1], within(0.15 * known[1]));
        });
    }

    /** Sampling the latent variables of four supernovae, twelve of them, gives what integrating them gives. */
    @Test
    void explicitAndIntegratedLatentVariablesHaveTheSamePosterior() throws Exception {
        JsonObject explicit = marginals("jla-four-latent");
        JsonObject integrated = marginals("jla-four-integrated");

        for (String name : List.of("M_B", "alpha", "beta")) {
            JsonObject one = explicit.getObject(name);
            JsonObject other = integrated.getObject(name);
            double error = Math.hypot(one.getDouble("mc_error"), other.getDouble("mc_error"));
            assertThat(one.getDouble("mean")).as(name).isCloseTo(other.getDouble("mean"), within(4 * error));
            assertThat(error).as("MC error of " + name).isLessThan(0.05 * other.getDouble("std"));
        }
    }

    private JsonObject marginals(String job) throws Exception {
        Path output = temp.resolve(job);
        withData(Command.astropool("run", JOBS.resolve(job + ".toml").toString(), "--out", output.toString()))
                .and("--progress", "none", "--set", "output.formats=[\"fits\"]")
                .with("ASTROPOOL_JAVA_OPTS", "") // long enough for optimized code
                .run()
                .with(0);
        return new Results(output).summary().getObject("marginals");
    }
}
