package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.examples.supernova.PublishedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code astropool eval}, and the pool from Python on top of it. */
class EvalIT {
    private static final Path PROGRAMS = Path.of("src/test/resources/programs").toAbsolutePath();
    private static final Path EXTERNAL = Command.CHECKOUT.resolve("examples/external");

    @TempDir
    private Path temp;

    private Path job() throws Exception {
        return Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "halves"
                [model]
                command = ["sh", "-c", "[ $1 != 3.0 ] && echo $1", "sh", "{x}"]
                outputs = { half = { scale = 0.5 } }
                [grid]
                x = { from = 0.0, to = 1.0, count = 2 }
                """);
    }

    /** {@code eval} reads the file: commands of tests have no input. */
    private Ended eval(Way way, Path job, String points, String... options) throws Exception {
        Path input = Files.writeString(temp.resolve("points"), points);
        Command plain = way.command("eval", job.toString()).and(options);
        return plain.readingFrom(input).run();
    }

    @ParameterizedTest
    @EnumSource(names = {"THREADS", "OPEN_MPI", "MPICH"})
    void pointsAreAnsweredUntilTheInputEnds(Way way) throws Exception {
        String points = IntStream.range(0, 100)
                .mapToObj(i -> i % 2 == 0 ? "[" + 2 * i + "]\n" : "{\"x\": " + 2 * i + "}\n")
                .collect(Collectors.joining());

        Ended ended = eval(way, job(), points).with(0);

        assertThat(ended.out().lines())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 100)
                        .mapToObj(i -> "{\"index\":" + i + ",\"status\":\"ok\",\"half\":" + (double) i + "}")
                        .toList());
    }

    @Test
    void aMarkOfTheByteOrderBeforeThePointsIsPassedOver() throws Exception {
        Ended ended = eval(Way.THREADS, job(), "\uFEFF[2]\n[4]\n", "--ordered").with(0);

        assertThat(ended.out().lines())
                .containsExactly(
                        "{\"index\":0,\"status\":\"ok\",\"half\":1.0}", "{\"index\":1,\"status\":\"ok\",\"half\":2.0}");
    }

    @Test
    void whereProgramsEvaluateJavaDoesWithoutItsSecondCompiler() throws Exception {
        Path ofJava = Files.writeString(temp.resolve("java.toml"), """
                [job]
                name = "program" # no program = here
                [model]
                name = "gaussian"
                [grid]
                x1 = { from = -1.0, to = 1.0, count = 2 }
                x2 = { from = -1.0, to = 1.0, count = 2 }
                """);
        String options = "ASTROPOOL_JAVA_OPTS";
        String show = "-XX:+PrintCommandLineFlags";
        Path none = Files.writeString(temp.resolve("none"), "");

        assertThat(Way.THREADS
                        .command("eval", job().toString())
                        .with(options, show)
                        .readingFrom(none)
                        .run()
                        .with(0)
                        .err())
                .contains("-XX:TieredStopAtLevel=1");
        assertThat(Way.THREADS
                        .command("eval", ofJava.toString())
                        .with(options, show)
                        .readingFrom(none)
                        .run()
                        .with(0)
                        .err())
                .contains("-XX:+UseSerialGC")
                .doesNotContain("TieredStopAtLevel");
    }

    @Test
    void answersAreOrderedOnRequestAndFailuresAreAnswersToo() throws Exception {
        List<String> answers = answers(job(), "[2]\nno json\n[1, 2]\n{\"y\": 1}\n[4]\n", "--ordered");

        assertThat(answers)
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("{\"index\":0,\"status\":\"ok\",\"half\":1.0}"),
                        line -> assertThat(line)
                                .startsWith("{\"index\":1,\"status\":\"failed\",\"kind\":\"exception\""),
                        line -> assertThat(line).contains("2 values, expected one for each of [x]"),
                        line -> assertThat(line).contains("no value for the parameter x"),
                        line -> assertThat(line).isEqualTo("{\"index\":4,\"status\":\"ok\",\"half\":2.0}"));
    }

    /** A job with one parameter, x. */
    private Path jobOf(String modelInPython) throws Exception {
        Files.writeString(temp.resolve("model.py"), modelInPython);
        return Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "python"
                [model]
                program = ["%s", "model.py"]
                [grid]
                x = { from = 1.0, to = 2.0, count = 2 }
                """.formatted(TablesIT.PYTHON));
    }

    private Path inverses() throws Exception {
        return jobOf("""
                from astropool_model import serve

                def inverses(points):
                    return [[1 / x, len(points)] for x, in points]

                serve(inverses, parameters=["x"], outputs=["inverse", "together"], batch=3)
                """);
    }

    private List<String> answers(Path job, String points, String... options) throws Exception {
        return eval(Way.THREADS, job, points, options).with(0).out().lines().toList();
    }

    @Test
    void endsWhenNobodyTakesTheAnswers() throws Exception {
        String astropool = Command.CHECKOUT.resolve("scripts/astropool").toString();
        Path points = Files.writeString(temp.resolve("many"), "[1]\n".repeat(100_000));
        String script = "{ \"$1\" eval \"$2\" --ordered <\"$3\"; echo code $? >&2; } | head -n 1";

        Ended ended = Command.of(
                        List.of("sh", "-c", script, "sh", astropool, inverses().toString(), points.toString()))
                .run()
                .with(0);

        assertThat(ended.out().lines()).containsExactly(inverse(0, 1.0, 1));
        assertThat(ended.err()).contains("standard output takes no more answers", "code 4");
    }

    @Test
    void pointsOfABatchAreEvaluatedTogetherAndFailByThemselves() throws Exception {
        String points = "[[1], [2], [4], {\"x\": 5}]\n[8]\n[[10], [0]]\n[[16], [\"a\"], [1, 2]]\n[]\n";

        List<String> answers = answers(inverses(), points, "--ordered");

        assertThat(answers)
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo(inverse(0, 1.0, 3)),
                        line -> assertThat(line).isEqualTo(inverse(1, 0.5, 3)),
                        line -> assertThat(line).isEqualTo(inverse(2, 0.25, 3)),
                        line -> assertThat(line).isEqualTo(inverse(3, 0.2, 1)),
                        line -> assertThat(line).isEqualTo(inverse(4, 0.125, 1)),
                        line -> assertThat(line).isEqualTo(inverse(5, 0.1, 1)),
                        line -> assertThat(line)
                                .startsWith("{\"index\":6,\"status\":\"failed\"")
                                .contains("ZeroDivision"),
                        line -> assertThat(line).isEqualTo(inverse(7, 0.0625, 1)),
                        line -> assertThat(line).contains("{\"index\":8,", "x is a, not a number"),
                        line -> assertThat(line).contains("{\"index\":9,", "2 values, expected one for each of [x]"),
                        line -> assertThat(line).contains("{\"index\":10,", "0 values"));
    }

    @Test
    void pointsOfABatchAreAnsweredTogetherOnRequest() throws Exception {
        String points = "[[1], [2], [4], {\"x\": 5}]\n[8]\n[[10], [0]]\n[[16], [\"a\"], [32]]\n[[1e-320], [-64]]\n";

        List<String> answers = answers(inverses(), points, "--ordered", "--columns");

        assertThat(answers)
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("{\"index\":[0,1,2],\"status\":\"ok\","
                                        + "\"inverse\":[1.0,0.5,0.25],\"together\":[3.0,3.0,3.0]}"),
                        line -> assertThat(line).isEqualTo(inverse(3, 0.2, 1)),
                        line -> assertThat(line).isEqualTo(inverse(4, 0.125, 1)),
                        line -> assertThat(line).isEqualTo(inverse(5, 0.1, 1)),
                        line -> assertThat(line)
                                .startsWith("{\"index\":6,\"status\":\"failed\"")
                                .contains("ZeroDivision"),
                        line -> assertThat(line).isEqualTo(inverse(7, 0.0625, 1)),
                        line -> assertThat(line).contains("{\"index\":8,", "x is a, not a number"),
                        line -> assertThat(line).isEqualTo(inverse(9, 0.03125, 1)),
                        line -> assertThat(line)
                                .isEqualTo("{\"index\":[10,11],\"status\":\"ok\","
                                        + "\"inverse\":[\"inf\",-0.015625],\"together\":[2.0,2.0]}"));
    }

    @Test
    void pointHasTheNumberOfItsAnswerAndASeedOfItsOwnHoweverItComes() throws Exception {
        Path job = jobOf("""
                from astropool_model import serve

                def numbered(points, *, index, seed):
                    return [[index[i], seed[i], 1 / x] for i, (x,) in enumerate(points)]

                serve(numbered, parameters=["x"], batch=3, outputs=[
                    {"name": "number", "type": "long"}, {"name": "seed", "type": "long"}, "inverse"])
                """);
        List<String> singly = answers(job, "no JSON\n[1]\n[1]\n[1]\n[1]\n[1]\n[1]\n[1]\n", "--ordered");
        List<String> together = answers(job, "[0]\n[[1], [1], [1], [1]]\n[[1], [1], [1]]\n", "--ordered");
        List<String> again = answers(job, "[[0], [1], [1]]\n[[1], [\"?\"], [1], [1], [1]]\n", "--ordered");

        assertThat(singly).hasSize(8);
        for (int i = 1; i < 8; i++) {
            assertThat(singly.get(i)).startsWith("{\"index\":%d,\"status\":\"ok\",\"number\":%d,".formatted(i, i));
            assertThat(together.get(i)).isEqualTo(singly.get(i));
            if (i != 4) {
                assertThat(again.get(i)).isEqualTo(singly.get(i));
            }
        }
        assertThat(singly.stream()
                        .map(line -> line.replaceAll(".*\"seed\":", ""))
                        .distinct())
                .hasSize(8);
    }

    @Test
    void poolOfPythonAnswersEachPointOfABatch() throws Exception {
        Path program = Files.writeString(temp.resolve("batches.py"), """
                import sys
                from astropool_model import Pool

                with Pool(sys.argv[1], batch=3) as pool:
                    for point in pool.evaluate(iter([[1.0], [2.0], {"x": 4}, [5.0], [0.0], [float("nan")], [8.0]])):
                        print(point["index"], point["status"], point.get("inverse"), point.get("together"))
                """);

        Ended ended = Command.of(
                        List.of(TablesIT.PYTHON, program.toString(), inverses().toString()))
                .with("PYTHONPATH", Command.CHECKOUT.resolve("scripts").toString())
                .run()
                .with(0);

        assertThat(ended.out().lines())
                .containsExactly(
                        "0 ok 1.0 3.0",
                        "1 ok 0.5 3.0",
                        "2 ok 0.25 3.0",
                        "3 ok 0.2 1.0",
                        "4 failed None None",
                        "5 failed None None",
                        "6 ok 0.125 1.0");
    }

    private static String inverse(int index, double inverse, int together) {
        return "{\"index\":%d,\"status\":\"ok\",\"inverse\":%s,\"together\":%d.0}".formatted(index, inverse, together);
    }

    @Test
    void emceeThroughThePoolGivesTheChainOfEmceeAlone() throws Exception {
        Needs.assume(Files.exists(Path.of("/usr/lib/python3/dist-packages/emcee")), "no emcee; install python3-emcee");
        Path data = PublishedData.folder().toAbsolutePath();
        String job = EXTERNAL.resolve("supernova-numpy.toml").toString();

        Ended ended = Command.of(List.of(
                        TablesIT.PYTHON,
                        PROGRAMS.resolve("emcee_chain.py").toString(),
                        job,
                        data.resolve("pantheon2018").toString()))
                .with("ASTROPOOL_DATA", data.toString())
                .with("PYTHONPATH", Command.CHECKOUT.resolve("scripts").toString())
                .with("PATH", "/usr/bin:" + System.getenv("PATH")) // the python3 that has numpy
                .run()
                .with(0);

        assertThat(ended.out()).contains("the same chain");
    }

    @Test
    void poolOfPythonIsSharedByThreadsOutlivesAnInterruptAndTellsOfTheEnd() throws Exception {
        Path job = Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "shared"
                [model]
                name = "gaussian"
                [grid]
                x1 = { from = -1.0, to = 1.0, count = 2 }
                x2 = { from = -1.0, to = 1.0, count = 2 }
                """);

        Ended ended = Command.of(List.of(
                        TablesIT.PYTHON, PROGRAMS.resolve("pool_trouble.py").toString(), job.toString()))
                .heedingSignals()
                .with("PYTHONPATH", Command.CHECKOUT.resolve("scripts").toString())
                .run()
                .with(0);

        assertThat(ended.out()).contains("all as expected");
    }

    @Test
    void modelInPythonIsCheckedAlone() throws Exception {
        Path model = Files.writeString(temp.resolve("model.py"), """
                from astropool_model import model, serve

                @model
                def log_likelihood(a, b):
                    print("a is", a)
                    return -(a - b) ** 2

                serve()
                """);
        Command check = Command.of(List.of(
                        TablesIT.PYTHON, "-m", "astropool_model", "check", "--point", "a=1,b=3", model.toString()))
                .with("PYTHONPATH", Command.CHECKOUT.resolve("scripts").toString());

        Ended ended = check.run().with(0);

        assertThat(ended.out())
                .contains("log_likelihood = -4.0", "the model can be used")
                .doesNotContain("a is");
        assertThat(ended.err()).contains("a is 1.0");
    }
}
