package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.astropool.examples.endtoend.Command.Ended;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A model and a program that were compiled outside the repository against the jars of the distribution. */
class UserCodeIT {
    private static final Path SOURCES = Path.of("src/test/resources/user-code");

    @TempDir
    private static Path temp;

    private static Path jar;
    private static Path job;

    @BeforeAll
    static void compile() throws IOException {
        Path classes = temp.resolve("classes");
        List<String> javac = new ArrayList<>(List.of("-d", classes.toString(), "-cp", jarsOfTheDistribution()));
        try (Stream<Path> sources = Files.list(SOURCES.resolve("org/example"))) {
            sources.map(Path::toString).forEach(javac::add);
        }
        jar = temp.resolve("user.jar");
        call("javac", javac);
        call(
                "jar",
                List.of("-cf", jar.toString(), "-C", classes.toString(), ".", "-C", SOURCES.toString(), "META-INF"));
        job = Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "parabola"
                [model]
                name = "parabola"
                class_path = ["user.jar"]
                [grid]
                x = { from = -1.0, to = 1.0, count = 5 }
                """);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SERIAL")
    void programThatEmbedsThePoolPrintsTheSame(Way way) throws Exception {
        Ended ended = way.command("exec", "--class-path", jar.toString(), "org.example.Distances", "0.5")
                .run()
                .with(0);

        List<String> lines = ended.out().lines().toList();
        assertThat(lines).as(ended.toString()).hasSize(100);
        assertThat(lines.get(0)).isEqualTo("Distance[number=1, parsec=" + 1000 / (0.1 + 0.5) + "]");
        assertThat(lines.get(99)).isEqualTo("Distance[number=100, parsec=" + 1000 / (10.0 + 0.5) + "]");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SERIAL")
    void modelComesByTheClassPathOfItsJobFile(Way way) throws Exception {
        Path output = temp.resolve("by-job-file-" + way);

        way.run(job.toString(), "--out", output.toString()).run().with(0);

        assertParabola(output);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SERIAL")
    void modelComesByItsClassAndTheOption(Way way) throws Exception {
        Path output = temp.resolve("by-option-" + way);
        String[] model = {"--set", "model.name=org.example.Parabola", "--set", "model.class_path=[]"};

        way.run(job.toString(), "--out", output.toString(), "--class-path", jar.toString())
                .and(model)
                .run()
                .with(0);

        assertParabola(output);
    }

    @Test
    void modelThatThrowsWhileItLoadsIsRefused() throws Exception {
        Ended ended = Command.astropool(
                        "run",
                        job.toString(),
                        "--out",
                        temp.resolve("unloadable").toString())
                .and("--set", "model.name=org.example.Unloadable")
                .run()
                .with(2);

        assertThat(ended.err())
                .contains("org.example.Unloadable", "the licence has expired")
                .doesNotContain("\tat ");
        assertThat(temp.resolve("unloadable")).doesNotExist();
    }

    private static void assertParabola(Path output) throws IOException {
        assertThat(new Results(output).rows("results.ecsv"))
                .containsExactly(
                        "0 -1.0 -1.0 ok", "1 -0.5 -0.25 ok", "2 0.0 -0.0 ok", "3 0.5 -0.25 ok", "4 1.0 -1.0 ok");
    }

    private static String jarsOfTheDistribution() throws IOException {
        return Command.jars().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static void call(String tool, List<String> arguments) {
        int code = ToolProvider.findFirst(tool)
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(String[]::new));
        assertThat(code).as("exit code of %s %s", tool, arguments).isZero();
    }
}
