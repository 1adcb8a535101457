package org.astropool.internal.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.astropool.internal.model.ProgramLostException;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.ProgramException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Points are sent to a program before it has answered those in front of them, and nobody notices. The programs are
 * shell scripts that give each point its parameter as its result, and write down what they were asked.
 */
@Timeout(60)
class PointsAheadTest {
    private static final Declaration DECLARED = new Declaration(
            "test",
            "",
            List.of(new Parameter("x", "", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, "")),
            List.of(Output.logLikelihood()),
            1);

    private static final String WITH_INDEX = "\"{\\\"results\\\": [[$x]], \\\"index\\\": $i}\"";
    private static final String WITHOUT_INDEX = "\"{\\\"results\\\": [[$x]]}\"";

    @TempDir
    private Path temp;

    private final List<CoProcessEvaluator> opened = new ArrayList<>();
    /** s for each line that was sent, a for each that was said. */
    private final StringBuilder talk = new StringBuilder();

    @AfterEach
    void end() {
        opened.forEach(CoProcessEvaluator::close);
    }

    /** @param trouble what to do at a point $i, once: before that it has done nothing else than to read it */
    private CoProcessEvaluator evaluator(String answer, long index, String trouble) throws ProgramException {
        String script = """
                echo '{"astropool": 1, "parameters": ["x"], "outputs": ["log_likelihood"]}'
                echo started >>starts
                while read -r line; do
                    i=${line#*'"index": '}; i=${i%%%%,*}
                    x=${line#*'[['}; x=${x%%%%]*}
                    echo $i >>asked
                    echo "at $i" >&2
                    if [ $i = %d ] && [ ! -e once ]; then : >once; %s; fi
                    echo %s
                done
                """.formatted(index, trouble, answer);
        ProgramSpec spec = new ProgramSpec(
                List.of("sh", "-c", script),
                temp.toString(),
                temp.toString(),
                Map.of(),
                1,
                1,
                temp.resolve("logs").toString(),
                Points.SEED,
                10_000);
        CoProcessEvaluator evaluator = new CoProcessEvaluator(spec, DECLARED, this::note);
        opened.add(evaluator);
        evaluator.prepare();
        return evaluator;
    }

    private CoProcessEvaluator evaluator(String answer) throws ProgramException {
        return evaluator(answer, -1, ":");
    }

    private void note(String what, String text) {
        talk.append(what.equals("was sent") ? "s" : what.equals("said") ? "a" : "");
    }

    private static List<double[]> points(long from, long to) {
        return LongStream.range(from, to).mapToObj(i -> new double[] {i}).toList();
    }

    private double value(CoProcessEvaluator evaluator, long index) throws ProgramException {
        evaluator.prepare();
        OutputRow row = new OutputRow(DECLARED.outputs());
        evaluator.evaluate(new double[] {index}, row, new Points(index));
        return row.numbers()[0];
    }

    private void assertValues(CoProcessEvaluator evaluator, long from, long to) throws ProgramException {
        for (long i = from; i < to; i++) {
            assertThat(value(evaluator, i)).isEqualTo(i);
        }
    }

    /** Chunks of other points, until they are sent ahead: the machine may be too busy for points to be fast. */
    private void warmUp(CoProcessEvaluator evaluator) throws ProgramException {
        for (int from = 1000; talk.indexOf("ss") < 0; from += 100) {
            evaluator.expect(points(from, from + 100), from);
            assertValues(evaluator, from, from + 100);
        }
    }

    /** @param trouble what a shell does when it comes to point 50, which was sent ahead; those below are right */
    private CoProcessEvaluator untilPointFifty(String trouble) throws Exception {
        CoProcessEvaluator evaluator = evaluator(WITH_INDEX, 50, trouble);
        warmUp(evaluator);
        evaluator.expect(points(0, 100), 0);
        assertValues(evaluator, 0, 50);
        return evaluator;
    }

    /** How often the program was asked for points below 1000. */
    private Map<Integer, Integer> asked() throws IOException {
        Map<Integer, Integer> asked = new TreeMap<>();
        for (String line : Files.readAllLines(temp.resolve("asked"))) {
            int index = Integer.parseInt(line);
            if (index < 1000) {
                asked.merge(index, 1, Integer::sum);
            }
        }
        return asked;
    }

    private int starts() throws IOException {
        return Files.readAllLines(temp.resolve("starts")).size();
    }

    @Test
    void pointsAreSentAheadAndEachIsEvaluatedOnce() throws Exception {
        CoProcessEvaluator evaluator = evaluator(WITH_INDEX);
        warmUp(evaluator);

        evaluator.expect(points(0, 500), 0);
        assertValues(evaluator, 0, 500);

        assertThat(asked()).hasSize(500);
        assertThat(asked().values()).containsOnly(1);
        assertThat(talk.toString()).startsWith("sa"); // the first one alone
    }

    @Test
    void programThatDoesNotSayTheIndexIsSentOnePointAtATime() throws Exception {
        CoProcessEvaluator evaluator = evaluator(WITHOUT_INDEX);

        evaluator.expect(points(0, 300), 0);
        assertValues(evaluator, 0, 300);

        assertThat(talk.toString()).isEqualTo("sa".repeat(300));
    }

    @Test
    void slowPointsAreSentOneAtATime() throws Exception {
        CoProcessEvaluator evaluator = evaluator("$(sleep 0.005)" + WITH_INDEX);

        evaluator.expect(points(0, 50), 0);
        assertValues(evaluator, 0, 50);

        assertThat(talk.toString()).isEqualTo("sa".repeat(50));
    }

    @Test
    void requestsWithoutAnswerFitIntoAPipe() throws Exception {
        CoProcessEvaluator evaluator = evaluator(WITH_INDEX);
        warmUp(evaluator);

        int unanswered = 0;
        int most = 0;
        for (char each : talk.toString().toCharArray()) {
            unanswered += each == 's' ? 1 : -1;
            most = Math.max(most, unanswered);
        }

        assertThat(most).isGreaterThan(1);
        assertThat(most * "{\"points\": [[1000.0]], \"index\": 1000, \"seeds\": [1]}".length())
                .isLessThan(4096);
    }

    @Test
    void pointsThatWereSentAheadAndThenWithdrawnDoNotDisturbThoseBehindThem() throws Exception {
        CoProcessEvaluator evaluator = untilPointFifty(":");

        assertValues(evaluator, 53, 60); // those between were cancelled
        assertValues(evaluator, 61, 100);

        assertThat(starts()).isEqualTo(1);
    }

    @Test
    void programThatEndsAtAWithdrawnPointIsStartedAgain() throws Exception {
        CoProcessEvaluator evaluator = untilPointFifty("exit 4");

        assertValues(evaluator, 51, 100);

        assertThat(starts()).isEqualTo(2);
    }

    @Test
    void programThatIsKilledLosesThePointItWasAtAlone() throws Exception {
        CoProcessEvaluator evaluator = untilPointFifty("kill -KILL $$");

        ProgramLostException lost = catchThrowableOfType(ProgramLostException.class, () -> value(evaluator, 50));
        assertValues(evaluator, 50, 100);

        assertThat(lost).hasMessageContaining("SIGKILL");
        assertThat(lost.lastWords()).endsWith("at 50");
        assertThat(asked()).hasSize(100).containsEntry(49, 1).containsEntry(50, 2);
        assertThat(starts()).isEqualTo(2);
    }

    @Test
    void programThatExitsFailsThePointItWasAtAlone() throws Exception {
        CoProcessEvaluator evaluator = untilPointFifty("exit 4");

        assertThatThrownBy(() -> value(evaluator, 50))
                .isNotInstanceOf(ProgramLostException.class)
                .hasMessageContaining("exit code 4");
        assertValues(evaluator, 51, 100);
    }

    @Test
    void exceptionFailsItsPointAndTheProgramGoesOn() throws Exception {
        CoProcessEvaluator evaluator = untilPointFifty(
                "echo '{\"error\": \"no big bang\", \"traceback\": \"here\", \"index\": 50}'; continue");

        assertThatThrownBy(() -> value(evaluator, 50)).hasMessage("no big bang");
        assertValues(evaluator, 51, 100);

        assertThat(asked()).hasSize(100);
        assertThat(asked().values()).containsOnly(1);
        assertThat(starts()).isEqualTo(1);
    }

    @Test
    void answersToPointsOfAWithdrawnChunkAreThrownAway() throws Exception {
        CoProcessEvaluator evaluator = evaluator(WITH_INDEX);
        warmUp(evaluator);

        evaluator.expect(points(0, 100), 0);
        assertValues(evaluator, 0, 10);
        evaluator.expect(points(0, 100), 0); // the same points again
        assertValues(evaluator, 0, 10);
        evaluator.expect(points(200, 300), 200);
        assertValues(evaluator, 200, 300);

        assertThat(starts()).isEqualTo(1);
        assertThat(asked()).doesNotContainKey(99).containsEntry(200, 1).containsEntry(299, 1);
    }

    @Test
    void programThatHangsInAPointThatNobodyWantsIsEnded() throws Exception {
        CoProcessEvaluator evaluator = evaluator(WITH_INDEX, 12, "sleep 1000");
        warmUp(evaluator);

        evaluator.expect(points(0, 100), 0);
        assertValues(evaluator, 0, 10);
        evaluator.expect(points(200, 300), 200);
        assertValues(evaluator, 200, 300);

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void pointThatCannotBeHadIsLeftOut() throws Exception {
        CoProcessEvaluator evaluator = evaluator(WITH_INDEX);
        warmUp(evaluator);

        evaluator.expect(
                new AbstractList<>() {
                    @Override
                    public double[] get(int i) {
                        if (i == 30) {
                            throw new IllegalStateException("withdrawn");
                        }
                        return new double[] {i};
                    }

                    @Override
                    public int size() {
                        return 100;
                    }
                },
                0);
        assertValues(evaluator, 0, 30);
        assertValues(evaluator, 31, 100);

        assertThat(asked()).hasSize(99).doesNotContainKey(30);
        assertThat(Collections.max(asked().values())).isEqualTo(1);
    }

    @Test
    void answerOfAnotherPointIsRefused() throws Exception {
        CoProcessEvaluator evaluator = untilPointFifty("i=49");

        assertThatThrownBy(() -> value(evaluator, 50))
                .isInstanceOf(BrokenProgramException.class)
                .hasMessageContaining("\"index\" must be that of the point, 50");
        assertValues(evaluator, 51, 100);
    }

    @Test
    void lineTooManyIsNotTakenForTheAnswerOfAPointThatWasSentAhead() throws Exception {
        CoProcessEvaluator evaluator = untilPointFifty("echo " + WITHOUT_INDEX);

        assertThatThrownBy(() -> value(evaluator, 50)).isInstanceOf(BrokenProgramException.class);
        assertValues(evaluator, 51, 100);
    }

    @Test
    void lineTooManyWithTheAnswerFailsItsPoint() throws Exception {
        CoProcessEvaluator evaluator = evaluator("$x | { printf '{\"results\": [[1]]}\\n{\"results\": [[2]]}\\n'; }");

        assertThatThrownBy(() -> value(evaluator, 1))
                .isInstanceOf(BrokenProgramException.class)
                .hasMessageContaining("[[2]]");
    }

    @Test
    void lineTooManyAfterTheAnswerFailsTheNextPoint() throws Exception {
        CoProcessEvaluator evaluator = evaluator(
                WITHOUT_INDEX,
                1,
                "echo " + WITHOUT_INDEX
                        + "; while [ ! -e go ]; do :; done; echo '{\"results\": [[7]]}'; : >late; read -r line");

        assertThat(value(evaluator, 1)).isEqualTo(1);
        Files.createFile(temp.resolve("go"));
        while (!Files.exists(temp.resolve("late"))) {
            Thread.onSpinWait();
        }
        assertThatThrownBy(() -> value(evaluator, 2))
                .isInstanceOf(BrokenProgramException.class)
                .hasMessageContaining("[[7]]");
        assertThat(value(evaluator, 3)).isEqualTo(3);
    }
}
