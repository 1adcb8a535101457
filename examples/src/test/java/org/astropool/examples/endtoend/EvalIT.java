package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.examples.supernova.PublishedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code astropool eval}, and the pool from Python on top of it. */
class EvalIT {
    private static final Path PROGRAMS = Path.of("src/test/resources/programs").toAbsolutePath();
    private static final Path EXTERNAL = Command.CHECKOUT.resolve("examples/external");

    private static final String NOT_BY_THE_SECOND_COMPILER = "made not compilable on level 4";

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

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            program = ["{python}", "%s"]                                                                  | [2.0]
            command = ["sh", "-c", "echo $1", "sh", "{x}"]%noutputs = { half = { scale = 0.5 } } | {"x": 2.0}
            """)
    void aJobWithoutPointsIsEnough(String model, String point) throws Exception {
        Path job = Files.writeString(
                temp.resolve("job.toml"),
                "job.name = \"halves\"\n[model]\n"
                        + model.replace("%n", "\n")
                                .replace("%s", PROGRAMS.resolve("halves.py").toString()));

        Ended ended = eval(Way.THREADS, job, point + "\n").with(0);

        assertThat(ended.out()).isEqualTo("{\"index\":0,\"status\":\"ok\",\"half\":1.0}\n");
        assertThat(Command.astropool("run", job.toString()).run().with(2).err()).contains("there is none");
    }

    /** The interpreter decides on the results. */
    @Test
    void aRunIsNotContinuedWithAnotherPythonUnnoticed() throws Exception {
        Path job = Files.writeString(temp.resolve("job.toml"), """
                job.name = "halves"
                model.program = ["{python}", "%s"]
                [grid]
                x = { from = 0.0, to = 1.0, count = 2 }
                """.formatted(PROGRAMS.resolve("halves.py")));
        Path other = Files.createSymbolicLink(temp.resolve("other-python"), Path.of(TablesIT.PYTHON));
        Command run =
                Way.THREADS.run(job.toString(), "--out", temp.resolve("out").toString());
        run.with("ASTROPOOL_PYTHON", TablesIT.PYTHON).run().with(0);

        Ended ended =
                run.and("--resume").with("ASTROPOOL_PYTHON", other.toString()).run();

        assertThat(ended.with(2).err()).contains("other-python");
    }

    @Test
    void aMarkOfTheByteOrderBeforeThePointsIsPassedOver() throws Exception {
        Ended ended = eval(Way.THREADS, job(), "\uFEFF[2]\n[4]\n", "--ordered").with(0);

        assertThat(ended.out().lines())
                .containsExactly(
                        "{\"index\":0,\"status\":\"ok\",\"half\":1.0}", "{\"index\":1,\"status\":\"ok\",\"half\":2.0}");
    }

    /** However the job file spells it, and on ranks that do not read it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            THREADS  | [model]\\nprogram = %s
            THREADS  | model.program = %s
            THREADS  | model = { program = %s }
            THREADS  | [model]\\n"program" = %s
            OPEN_MPI | model.program = %s
            """)
    void whereProgramsEvaluateJavaDoesWithoutItsSecondCompiler(Way way, String spelling) throws Exception {
        String program = "[\"python3\", \"" + PROGRAMS.resolve("halves.py") + "\"]";
        Path ofProgram = Files.writeString(
                temp.resolve("program.toml"),
                "job.name = \"halves\"\n" + String.format(spelling.replace("\\n", "\n"), program)
                        + "\n[grid]\nx = { from = 0.0, to = 1.0, count = 2000 }\n");

        assertThat(compiled(way, ofProgram)).contains(NOT_BY_THE_SECOND_COMPILER);
    }

    @Test
    void whereJavaEvaluatesItUsesBothCompilers() throws Exception {
        Path ofJava = Files.writeString(temp.resolve("java.toml"), """
                [job]
                name = "program" # no program = here
                [model]
                name = "gaussian"
                [grid]
                x1 = { from = -1.0, to = 1.0, count = 2 }
                x2 = { from = -1.0, to = 1.0, count = 2 }
                """);

        assertThat(compiled(Way.THREADS, ofJava)).doesNotContain(NOT_BY_THE_SECOND_COMPILER);
    }

    /** What the JVMs of a run say of what they compile; with low thresholds, so that they soon use both compilers. */
    private String compiled(Way way, Path job) throws Exception {
        return way.run(job.toString(), "--out", temp.resolve("out").toString())
                .with("ASTROPOOL_JAVA_OPTS", "-XX:+PrintCompilation -XX:CompileThresholdScaling=0.05")
                .run()
                .with(0)
                .err();
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

    @Test
    void linesThatAreNoPointsAreAnsweredAndTheRestGoesOn() throws Exception {
        String points = String.join(
                "\n",
                "[2]",
                "[".repeat(10_000) + "]".repeat(10_000),
                "{\"x\":".repeat(10_000) + "1" + "}".repeat(10_000),
                "[1e999]",
                "{\"x\": -1e999}",
                "[[4], [1e999], [6]]",
                "[\"nan\"]",
                "[NaN]",
                "{\"x\": 1, \"x\": 2}",
                "{\"x\": 1, \"x\\ud800\": 2}",
                "[1" + "0".repeat(1_000_000) + "]",
                "{\"x\": 1" + "0".repeat(1_000_000) + "}",
                "[" + "\"y".repeat(100_000) + "]",
                "[8]");

        List<String> answers = answers(job(), points, "--ordered");

        assertThat(answers.stream().map(EvalIT::summary))
                .containsExactly(
                        "0 ok 1.0",
                        "1 nested more than 64 levels",
                        "2 nested more than 64 levels",
                        "3 x is Infinity",
                        "4 x is -Infinity",
                        "5 ok 2.0",
                        "6 x is Infinity",
                        "7 ok 3.0",
                        "8 x is NaN",
                        "9 cannot be read",
                        "10 same key twice",
                        "11 not valid Unicode",
                        "12 more than 2000 characters",
                        "13 more than 2000 characters",
                        "14 cannot be read",
                        "15 ok 4.0");
    }

    private static String summary(String answer) {
        Matcher known = Pattern.compile("\"index\":(\\d+),\"status\":\"(?:ok\",\"half\":([^}]+)|failed\".*?("
                        + "nested more than 64 levels|x is -?[IN]\\w+|same key twice|not valid Unicode"
                        + "|more than 2000 characters|cannot be read(?!.*(?:nested|same|valid|more than))))")
                .matcher(answer);
        return known.find()
                ? known.group(1) + (known.group(2) == null ? " " + known.group(3) : " ok " + known.group(2))
                : answer;
    }

    @Test
    void bytesThatAreNotUtf8AreAnsweredAsALineThatCannotBeRead() throws Exception {
        Path input = temp.resolve("latin1");
        Files.write(input, "[2]\n{\"x\": 1, \"\u00e9\": 1}\n[4]\n".getBytes(StandardCharsets.ISO_8859_1));

        Ended ended = Way.THREADS
                .command("eval", job().toString(), "--ordered")
                .readingFrom(input)
                .run()
                .with(0);

        assertThat(ended.out().lines().map(EvalIT::summary))
                .containsExactly("0 ok 1.0", "1 not valid Unicode", "2 ok 2.0");
    }

    private Ended python(String program, Path job) throws Exception {
        Path file = Files.writeString(temp.resolve("uses_pool.py"), program);
        return Command.of(List.of(TablesIT.PYTHON, file.toString(), job.toString()))
                .with("PYTHONPATH", Command.CHECKOUT.resolve("scripts/python").toString())
                .run();
    }

    @Test
    void poolOfPythonMapsNoFunctionButItsOwn() throws Exception {
        Ended ended = python(POOL_PROGRAM + """
                import functools

                class Wrapped:  # as emcee wraps its function
                    __module__ = "emcee.ensemble"

                    def __init__(self, f, args=()):
                        self.f, self.args, self.kwargs = f, args, {}

                with Job(job).pool(failed=-math.inf) as pool, Job(job).pool(failed=-math.inf) as other:
                    expected = [-1.0, -4.0]
                    points = [[1.0], [2.0]]
                    for allowed in (None, pool.log_likelihood, Wrapped(pool.log_likelihood)):
                        assert pool.map(allowed, points) == expected
                    class Posterior(JobPool):
                        def log_likelihood(self, points):
                            return 2 * super().log_likelihood(points)
                    for refused in (
                            lambda p: -pool.log_likelihood(p), other.log_likelihood, Wrapped(pool.log_likelihood, [1]),
                            Wrapped(lambda p: 0.0), Wrapped(other.log_likelihood), pool.evaluate, pool, len,
                            functools.partial(pool.log_likelihood, 1), JobPool.log_likelihood, "log_likelihood"):
                        message = error(TypeError, lambda: pool.map(refused, points))
                        assert "vectorize=True" in message and repr(refused) in message, message
                    with Posterior(job) as posterior:
                        error(TypeError, lambda: posterior.map(posterior.log_likelihood, points))
                    assert pool.map(None, points) == expected
                """, jobOf(FAILING));

        assertThat(ended.with(0).out()).contains("as expected");
    }

    private static final String FAILING = """
            from astropool import Skip, serve

            def log_likelihood(x):
                if x == 0:
                    raise ValueError("no zero \\udcff")
                if x < 0:
                    raise Skip("negative")
                return -x * x

            serve(log_likelihood)
            """;

    private static final String POOL_PROGRAM = """
            import atexit, math, os, pickle, copy, signal, sys, threading, warnings
            from astropool import Job, JobPool, PointFailed

            job = sys.argv[1]
            parent = os.getpid()

            def error(kind, call):
                try:
                    call()
                except kind as raised:
                    return str(raised)
                raise AssertionError("no " + kind.__name__)

            @atexit.register
            def end():
                if os.getpid() == parent:
                    print("as expected")

            """;

    @Test
    void pointThatFailsRaisesInPythonUnlessAskedOtherwise() throws Exception {
        Ended ended = python(POOL_PROGRAM + """
                bad = [([[1.0], [2.0, 3.0]], "2 values"), ([[1.0, math.nan]], "2 values"), ([[]], "0 values"),
                       ([{"y": 1.0}], "no value for the parameter x"), ([{"x": 1.0, "y": 2.0}], "no parameter [y]")]
                for batch in (1, 3):
                    with Job(job).pool(batch=batch) as pool:
                        assert "no zero" in error(PointFailed, lambda: pool.log_likelihood([[1.0], [0.0], [2.0]]))
                        assert "no zero" in error(PointFailed, lambda: pool.map(None, [[0.0]]))
                        error(PointFailed, lambda: pool.log_likelihood([0.0]))
                        assert "x is NaN" in error(PointFailed, lambda: pool.log_likelihood([[math.nan]]))
                        assert len(pool.failures) == 4, pool.failures
                        for points, words in bad:
                            assert words in error(ValueError, lambda: pool.log_likelihood(points)), points
                        assert list(pool.log_likelihood([[1.0], [-3.0]])) == [-1.0, -math.inf]
                    with Job(job).pool(batch=batch, failed=-math.inf) as pool, warnings.catch_warnings(record=True) as told:
                        warnings.simplefilter("always")
                        values = pool.log_likelihood([[1.0], [0.0], [math.nan], [2.0]])
                        assert list(values) == [-1.0, -math.inf, -math.inf, -4.0], values
                        assert len(told) == len(pool.failures) == 2
                        for points, words in bad:
                            assert words in error(ValueError, lambda: pool.log_likelihood(points)), points
                error(ValueError, lambda: Job(job).pool(failed=math.nan))
                error(ValueError, lambda: Job(job).pool(failed=math.inf))
                """, jobOf(FAILING));

        assertThat(ended.with(0).out()).contains("as expected");
    }

    @Test
    void poolOfPythonIsRefusedInAChildAndWhenItIsPickled() throws Exception {
        Ended ended = python(POOL_PROGRAM + """
                def in_child(action):
                    child = os.fork()
                    if child == 0:
                        code = 1
                        try:
                            action()
                            code = 0
                        finally:
                            os._exit(code)
                    return child

                def refused():
                    for call in (lambda: pool.log_likelihood([[1.0]]), lambda: pool.evaluate([[1.0]]),
                                 lambda: pool.map(None, [[1.0]])):
                        assert str(parent) in error(RuntimeError, call)
                    pool.close()
                    pool.__exit__(None, None, None)

                def deleted():
                    global pool
                    del pool

                pool = Job(job).pool()
                assert pool.map(None, [[1.0]]) == [-1.0]
                points = [[float(i)] for i in range(1, 400)]
                asking = threading.Thread(target=lambda: [pool.map(None, points) for _ in range(9)])
                asking.start()  # so that some children are forked while its lock is held
                children = [in_child(refused) for _ in range(20)] + [in_child(deleted)]
                stays = in_child(signal.pause)  # it must not keep `astropool eval` waiting for the end of its input
                asking.join()
                for child in children:
                    assert os.waitpid(child, 0)[1] == 0
                for call in (pickle.dumps, copy.copy, copy.deepcopy):
                    assert "cannot be pickled" in error(TypeError, lambda: call(pool))
                error(TypeError, lambda: pickle.dumps(pool.log_likelihood))
                assert pool.map(None, [[3.0]]) == [-9.0]
                pool.close()
                os.kill(stays, signal.SIGKILL)
                os.waitpid(stays, 0)
                """, jobOf(FAILING));

        assertThat(ended.with(0).out()).contains("as expected");
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
                from astropool import serve

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
        assertThat(ended.err()).contains("answers cannot be written to standard output", "code 4");
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
                from astropool import serve

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
                from astropool import Job

                with Job(sys.argv[1]).pool(batch=3) as pool:
                    for point in pool.evaluate(iter([[1.0], [2.0], {"x": 4}, [5.0], [0.0], [float("nan")], [8.0]])):
                        print(point["index"], point["status"], point.get("inverse"), point.get("together"))
                """);

        Ended ended = Command.of(
                        List.of(TablesIT.PYTHON, program.toString(), inverses().toString()))
                .with("PYTHONPATH", Command.CHECKOUT.resolve("scripts/python").toString())
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
                .with("PYTHONPATH", Command.CHECKOUT.resolve("scripts/python").toString())
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
                .with("PYTHONPATH", Command.CHECKOUT.resolve("scripts/python").toString())
                .run()
                .with(0);

        assertThat(ended.out()).contains("all as expected");
    }

    @Test
    void modelInPythonIsCheckedAlone() throws Exception {
        Path model = Files.writeString(temp.resolve("model.py"), """
                from astropool import model, serve

                @model
                def log_likelihood(a, b):
                    print("a is", a)
                    return -(a - b) ** 2

                serve()
                """);
        Command check = Command.of(
                        List.of(TablesIT.PYTHON, "-m", "astropool", "check", "--point", "a=1,b=3", model.toString()))
                .with("PYTHONPATH", Command.CHECKOUT.resolve("scripts/python").toString());

        Ended ended = check.run().with(0);

        assertThat(ended.out())
                .contains("log_likelihood = -4.0", "the model can be used")
                .doesNotContain("a is");
        assertThat(ended.err()).contains("a is 1.0");
    }
}
