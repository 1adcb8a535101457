package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.astropool.examples.endtoend.Command.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The package {@code astropool} of Python. */
class PythonPoolIT {
    private static final Path PACKAGE = Command.CHECKOUT.resolve("scripts/python");
    private static final Path TESTS = PACKAGE.resolve("tests");
    private static final Path SCRIPT =
            Path.of("src/test/resources/programs/same_anywhere.py").toAbsolutePath();
    private static final String PYTHON = "/usr/bin/python3";
    private static final List<String> RESULTS = List.of("True", "4950");

    @TempDir
    private Path temp;

    @ParameterizedTest
    @MethodSource("modulesOfTests")
    void thePackageKeepsItsPromises(String module) throws Exception {
        Ended ended = Command.of(List.of(PYTHON, "-m", "unittest", "discover", "-s", TESTS.toString(), "-p", module))
                .run();

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.err()).contains("OK");
    }

    static List<String> modulesOfTests() throws IOException {
        try (Stream<Path> files = Files.list(TESTS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("test_.*\\.py"))
                    .sorted()
                    .toList();
        }
    }

    /** Each way loses a worker process, and its chain is that of emcee alone. */
    @ParameterizedTest
    @EnumSource(names = {"THREADS", "HAZELCAST", "OPEN_MPI", "MPICH"})
    void aScriptGivesTheSameResultsWhereverItsWorkersAre(Way way) throws Exception {
        Ended ended = way.command("python", "--python", PYTHON)
                .and(way.hasRanks() ? new String[0] : way.options())
                .and(SCRIPT.toString(), temp.resolve("killed").toString())
                .run();

        assertThat(ended.code()).as(ended.err()).isEqualTo(3); // that of the script
        assertThat(ended.out()).isEqualTo(alone());
        assertThat(temp.resolve("killed")).exists();
    }

    @Test
    void aScriptThatIsStartedByPythonStartsRanks() throws Exception {
        Ended ended = python("mpiexec.mpich", "-n", "2").run();

        assertThat(ended.code()).as(ended.err()).isEqualTo(3);
        assertThat(ended.out()).isEqualTo(alone());
        assertThat(ended.err()).contains("MPICH");
    }

    /** The results without a launcher. */
    private String alone() throws Exception {
        Ended ended = python().run();
        assertThat(ended.code()).as(ended.err()).isEqualTo(3);
        assertThat(ended.out().lines().skip(1))
                .allMatch(line -> RESULTS.stream().anyMatch(line::startsWith));
        return ended.out();
    }

    private Command python(String... launcher) {
        return Command.of(List.of(
                        PYTHON, SCRIPT.toString(), temp.resolve("killed alone").toString()))
                .and(launcher)
                .with("PYTHONPATH", PACKAGE.toString());
    }
}
