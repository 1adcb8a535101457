package org.astropool.internal.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.astropool.internal.model.ProgramLostException;
import org.astropool.task.Evaluator;
import org.astropool.task.FailureKind;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.ProgramException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommandEvaluatorTest {
    private static final OutputRule LAST = rule("stdout", "", "", 0, 1);

    @TempDir
    private Path temp;

    private final List<Evaluator> opened = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (Evaluator evaluator : opened) {
            evaluator.close();
        }
    }

    private static OutputRule rule(String from, String pattern, String json, int column, double scale) {
        return new OutputRule(Output.number("y", "", ""), from, pattern, json, column, scale);
    }

    private static OutputRule pattern(String pattern) {
        return rule("stdout", pattern, "", 0, 1);
    }

    /** Evaluates x = 1.5 at index 5. */
    private double[] run(List<String> words, OutputRule... rules) throws Exception {
        ProgramSpec spec = new ProgramSpec(words, temp.toString(), "", Map.of(), 1, 1, "", Points.SEED, 1000);
        CommandModel model = CommandModel.of(spec, "test", List.of("x"), List.of(rules));
        Evaluator evaluator = model.evaluator((what, text) -> told.add(what + ": " + text));
        opened.add(evaluator);
        OutputRow row = new OutputRow(model.outputs(ModelOptions.of(model, Map.of())));
        evaluator.prepare();
        evaluator.evaluate(new double[] {1.5}, row, new Points(5));
        return row.numbers();
    }

    private double[] sh(String script, OutputRule... rules) throws Exception {
        return run(List.of("sh", "-c", script), rules);
    }

    @Test
    void valuesAreFilledInAsWholeWordsThatNoShellReads() throws Exception {
        List<String> words = List.of("printf", "%s\\n", "it's", "\"$HOME\" `id`; {x}", "{index}{seed}", "{ x}");

        run(words, pattern("(?s)(1\\.5)"));

        assertThat(told)
                .contains("standard output: it's\n\"$HOME\" `id`; 1.5\n5" + CoProcessEvaluator.seed(Points.SEED, 5)
                        + "\n{ x}");
    }

    @Test
    void bracesBehindADollarAreForAShell() throws Exception {
        assertThat(sh("x=4; echo ${x}{x}", LAST)).containsExactly(41.5);
    }

    @Test
    void pointStandsInTheEnvironment() throws Exception {
        assertThat(sh("echo $ASTROPOOL_INDEX $ASTROPOOL_PARAMETER_x", rule("stdout", "", "", 2, 1)))
                .containsExactly(1.5);
    }

    @Test
    void lastMatchOfThePatternCountsAndIsScaled() throws Exception {
        assertThat(sh("echo chi2 = 9; echo chi2 = 1.0D+01", rule("stdout", "chi2 = (\\S+)", "", 0, -0.5)))
                .containsExactly(-5);
    }

    @Test
    void numbersOfTheLastLineAreFoundByColumn() throws Exception {
        OutputRule first = rule("stdout", "", "", 1, 1);
        OutputRule last = new OutputRule(Output.number("z", "", ""), "stdout", "", "", 0, 1);

        assertThat(sh("echo 1 2; echo ' 3, 4 5 '; echo", first, last)).containsExactly(3, 5);
    }

    @Test
    void membersOfJsonAreFound() throws Exception {
        assertThat(sh("echo log; echo '{\"fit\": {\"y\": -inf}}'", rule("stdout", "", "fit.y", 0, 1)))
                .containsExactly(Double.NEGATIVE_INFINITY);
    }

    @Test
    void filesOfTheScratchFolderAreReadWhichIsTheWorkingDirectory() throws Exception {
        assertThat(run(
                        List.of("sh", "-c", "echo 8 >out.txt; test \"$PWD\" = {scratch}"),
                        rule("out.txt", "", "", 0, 1)))
                .containsExactly(8);
    }

    @Test
    void scratchFolderIsFreshAndGoesAway() throws Exception {
        Path folder = Path.of(scratchOf(sh("mkdir -p a/b; touch a/b/c .d; pwd; echo 1", LAST)));

        opened.get(0).close();

        assertThat(folder).doesNotExist();
    }

    private String scratchOf(double[] ignored) {
        return told.stream()
                .filter(line -> line.startsWith("working directory: "))
                .map(line -> line.substring("working directory: ".length()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void scratchFolderOfAFailedPointIsKeptAndNamed() throws Exception {
        ProgramException failure = catchThrowableOfType(
                ProgramException.class, () -> sh("echo trace >deep.log; echo no convergence >&2; exit 3", LAST));

        opened.get(0).close();
        Path folder = Path.of(scratchOf(new double[0]));
        assertThat(failure).hasMessageContaining("exit code 3").hasMessageContaining(folder.toString());
        assertThat(failure.lastWords()).isEqualTo("no convergence");
        assertThat(folder.resolve("deep.log")).hasContent("trace");
        new ScratchFolder(folder).remove();
    }

    /** Of a run, which has a folder for logs and no trace. */
    private Evaluator ofRun(String script, OutputRule... rules) throws Exception {
        ProgramSpec spec = new ProgramSpec(
                List.of("sh", "-c", script),
                temp.toString(),
                "",
                Map.of(),
                1,
                1,
                temp.resolve("logs").toString(),
                Points.SEED,
                1000);
        Evaluator evaluator =
                CommandModel.of(spec, "test", List.of("x"), List.of(rules)).evaluator(ProgramTrace.NONE);
        opened.add(evaluator);
        return evaluator;
    }

    private static String failure(Evaluator evaluator, int index) {
        OutputRow row = new OutputRow(List.of(LAST.output()));
        return catchThrowableOfType(
                        ProgramException.class, () -> evaluator.evaluate(new double[] {1.5}, row, new Points(index)))
                .getMessage();
    }

    private static List<Path> scratchFolders() throws Exception {
        try (Stream<Path> files = Files.list(ScratchFolder.base())) {
            return files.filter(file -> file.getFileName().toString().startsWith("astropool-"))
                    .toList();
        }
    }

    @Test
    void filesOfAFewFailedPointsAreKeptAndThoseOfTheOthersAreRemoved() throws Exception {
        FailedPoints kept = FailedPoints.of(temp.resolve("logs"));
        List<Path> before = scratchFolders();
        Set<Path> places = new HashSet<>();
        try {
            for (int index = 0; index < FailedPoints.MOST + 10; index++) {
                Evaluator evaluator = opened.isEmpty() || index == 7 // another process of the run
                        ? ofRun("echo trace >deep.log; exit 3", LAST)
                        : opened.get(opened.size() - 1);
                String message = failure(evaluator, index);
                if (index < FailedPoints.MOST) {
                    Path place = Path.of(message.substring(message.indexOf("its files are in ") + 17));
                    assertThat(place.resolve("deep.log")).hasContent("trace");
                    places.add(place);
                } else {
                    assertThat(message).contains("its files were removed, since those of 20 points that failed");
                }
            }
            assertThat(places).hasSize(FailedPoints.MOST);
            end();
            assertThat(scratchFolders()).hasSize(before.size() + 1); // that of the failed points
        } finally {
            kept.remove();
        }
        assertThat(places).noneMatch(Files::exists);
        assertThat(scratchFolders()).hasSameSizeAs(before);
    }

    /** More than it may write, in pieces, until the test has seen that some of it was removed. */
    @Test
    void aCommandThatFloodsItsOutputDoesNotFillTheDisk() throws Exception {
        Path stop = temp.resolve("stop");
        Evaluator evaluator = ofRun(
                "flood() { head -c 20000000 /dev/zero | tr '\\0' 'x'; }; until [ -e " + stop
                        + " ]; do flood; flood >&2; done; echo; echo >&2; echo the end >&2; echo 5",
                LAST);
        Map<Path, Long> longest = new HashMap<>(); // other tests have folders there, too
        AtomicBoolean wasCut = new AtomicBoolean();
        List<Path> before = scratchFolders();
        Thread watch = new Thread(() -> {
            while (!wasCut.get()) {
                try {
                    for (Path folder : scratchFolders()) {
                        Path stderr = new ScratchFolder(folder).stderr();
                        if (!before.contains(folder) && Files.exists(stderr)) {
                            long size = Files.size(stderr);
                            if (longest.merge(folder, size, Math::max) > Math.max(size, 1 << 26)) {
                                wasCut.set(true);
                            }
                        }
                    }
                } catch (Exception e) {
                    // it is just being made
                }
            }
            try {
                Files.createFile(stop);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        watch.start();
        ProgramException failure = catchThrowableOfType(
                ProgramException.class,
                () -> evaluator.evaluate(new double[] {1.5}, new OutputRow(List.of(LAST.output())), new Points(0)));
        watch.join();
        FailedPoints.of(temp.resolve("logs")).remove();

        assertThat(failure).hasMessageContaining("more than the 67108864 bytes in which results are looked for");
        assertThat(failure.lastWords()).endsWith("the end");
    }

    @Test
    void notANumberFailsThePoint() throws Exception {
        for (String text : List.of("nan", "****")) {
            told.clear();
            ProgramException failure =
                    catchThrowableOfType(ProgramException.class, () -> sh("echo '" + text + "'", LAST));

            assertThat(failure.kind()).isEqualTo(FailureKind.NOT_A_NUMBER);
            new ScratchFolder(Path.of(scratchOf(new double[0]))).remove();
        }
    }

    @Test
    void missingMatchIsAMistakeOfTheJobAndSaysTheLastLine() throws Exception {
        assertThatThrownBy(() -> sh("echo first; echo second", pattern("chi2 = (\\S+)")))
                .isInstanceOf(BrokenProgramException.class)
                .hasMessageContaining("chi2 = (\\S+)")
                .hasMessageContaining("second");
        new ScratchFolder(Path.of(scratchOf(new double[0]))).remove();
    }

    @Test
    void missingProgramIsAMistakeOfTheJob() throws Exception {
        assertThatThrownBy(() -> run(List.of("no-such-program"), LAST))
                .isInstanceOf(BrokenProgramException.class)
                .hasMessageContaining("no-such-program");
    }

    @Test
    void commandThatIsKilledIsLost() throws Exception {
        assertThatThrownBy(() -> sh("kill -SEGV $$", LAST))
                .isInstanceOf(ProgramLostException.class)
                .hasMessageContaining("SIGSEGV");
        new ScratchFolder(Path.of(scratchOf(new double[0]))).remove();
    }

    @Test
    void wordsOfTheShellAreProgramsLikeAllOthers() throws Exception {
        // "exit" is no file: a shell that took it for its own would be gone
        assertThatThrownBy(() -> run(List.of("exit", "3"), LAST)).isInstanceOf(BrokenProgramException.class);
        assertThat(run(List.of("echo", "{x}"), LAST)).containsExactly(1.5);
    }

    @Test
    void pathWithBlanksAndQuotesIsFine() throws Exception {
        Path folder = Files.createDirectories(temp.resolve("it's \"here\" $x"));
        Path program = Files.writeString(folder.resolve("p r.sh"), "#!/bin/sh\necho 4\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();

        assertThat(run(List.of("./it's \"here\" $x/p r.sh"), LAST)).containsExactly(4);
    }
}
