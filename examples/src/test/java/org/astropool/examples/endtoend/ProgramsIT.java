package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.examples.supernova.PublishedData;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The likelihood of the 40 bins of Pantheon in Java, Python, C and as a script: the same numbers everywhere. */
class ProgramsIT {
    private static final double SAME = 1e-9;
    private static final int LOG_LIKELIHOOD = 3;
    private static final String JAVA = "../jobs/pantheon2018-binned-wcdm.toml";
    private static final String[] SMALL = {"--set", "grid.omega_m.count=9", "--set", "grid.w.count=8"};
    private static final String[] SMALLER = {
        "--set", "grid.omega_m={from=0.1,to=0.5,count=5}", "--set", "grid.w={from=-1.6,to=-0.8,count=5}"
    };

    @TempDir
    private static Path temp;

    private static Path programs;
    private static String data;
    private static double[] expected;

    @BeforeAll
    static void build() throws Exception {
        Needs.program("gcc", "gcc");
        Needs.program("make", "make");
        data = PublishedData.folder().toAbsolutePath().toString();
        programs = Files.createDirectories(temp.resolve("it's \"here\""));
        try (Stream<Path> files = Files.list(Command.CHECKOUT.resolve("examples/external"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, programs.resolve(file.getFileName()));
            }
        }
        Command.of(List.of("make", "-B", "-C", programs.toString())).run().with(0);
        expected = run(Way.SERIAL, Command.CHECKOUT.resolve("examples/external").resolve(JAVA), "java", SMALL);
    }

    private static double[] run(Way way, Path job, String name, String... options) throws Exception {
        Path output = temp.resolve(name);
        Ended ended = way.run(job.toString(), "--out", output.toString())
                .and(options)
                .with("ASTROPOOL_DATA", data)
                .run()
                .with(0);
        assertThat(ended.out()).as(ended.toString()).contains("points ok");
        return logLikelihoods(output);
    }

    private static double[] logLikelihoods(Path output) throws IOException {
        return new Results(output)
                .rows("results.ecsv").stream()
                        .mapToDouble(row -> Double.parseDouble(row.split(" ")[LOG_LIKELIHOOD]))
                        .toArray();
    }

    @ParameterizedTest
    @EnumSource(names = {"THREADS", "OPEN_MPI", "MPICH"})
    void numpyGivesTheNumbersOfJava(Way way) throws Exception {
        Needs.astropy(); // which has numpy
        String program = "model.program=[\"" + TablesIT.PYTHON + "\", \"supernova.py\", \"" + data + "/pantheon2018\"]";

        double[] found =
                run(way, programs.resolve("supernova-numpy.toml"), "numpy-" + way, with(SMALL, "--set", program));

        assertThat(found).containsExactly(expected, within(SAME));
    }

    @ParameterizedTest
    @EnumSource(names = {"THREADS", "OPEN_MPI", "MPICH", "HAZELCAST", "MPJ_MULTICORE"})
    void programInCThatStaysGivesTheNumbersOfJava(Way way) throws Exception {
        assertThat(run(way, programs.resolve("supernova-c.toml"), "c-" + way, SMALL))
                .containsExactly(expected, within(SAME));
    }

    @ParameterizedTest
    @EnumSource(names = {"THREADS", "OPEN_MPI", "MPICH"})
    void programInCForEachPointGivesTheNumbersOfJava(Way way) throws Exception {
        assertThat(run(way, programs.resolve("supernova-command.toml"), "command-" + way, SMALL))
                .containsExactly(expected, within(SAME));
    }

    @Test
    void scriptThatWorksWithFilesGivesTheNumbersOfJava() throws Exception {
        assertThat(run(Way.THREADS, programs.resolve("supernova-script.toml"), "script", SMALL))
                .containsExactly(expected, within(SAME));
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void programOfTwoRanksGivesTheNumbersOfJava(Mpiexec mpiexec) throws Exception {
        mpiexec.requireInstalled();
        String compiler = mpiexec.toString().replace("mpiexec", "mpicc");
        String library = mpiexec == Mpiexec.OPEN_MPI ? "libopenmpi-dev" : "libmpich-dev";
        Needs.assume(
                Files.exists(Path.of("/usr/share/doc", library)), "no headers of MPI; install the package " + library);
        Command.of(List.of("make", "-B", "-C", programs.toString(), "mpi", "MPICC=" + compiler))
                .run()
                .with(0);
        double[] java = run(
                Way.SERIAL,
                Command.CHECKOUT.resolve("examples/external").resolve(JAVA),
                "java-for-" + mpiexec,
                SMALLER);
        Path output = temp.resolve("two-ranks-" + mpiexec);

        Command.astropool("run", programs.resolve("supernova-mpi.toml").toString(), "--out", output.toString())
                .with(mpiexec.environment())
                .with("ASTROPOOL_MPIEXEC", mpiexec.toString())
                .with("ASTROPOOL_DATA", data)
                .run()
                .with(0);

        assertThat(logLikelihoods(output)).containsExactly(java, within(SAME));
    }

    @Test
    void oneRunGoesOnWithAnotherAndIsTheSame() throws Exception {
        Path job = programs.resolve("supernova-c.toml");
        double[] whole = run(Way.THREADS, job, "whole", SMALL);
        Path output = temp.resolve("resumed");
        Command first = Command.astropool("run", job.toString(), "--out", output.toString(), "--time-limit", "0.001s")
                .and(SMALL)
                .with("ASTROPOOL_DATA", data);
        first.run().with(4);

        double[] resumed = run(Way.THREADS, job, "resumed", with(SMALL, "--resume"));

        assertThat(resumed).containsExactly(whole);
        Ended status = Command.astropool("status", output.toString()).run().with(0);
        assertThat(status.out()).contains("72 ok");
    }

    private static String[] with(String[] options, String... more) {
        return Stream.concat(Arrays.stream(options), Arrays.stream(more)).toArray(String[]::new);
    }
}
