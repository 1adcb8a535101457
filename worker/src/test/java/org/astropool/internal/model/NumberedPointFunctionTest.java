package org.astropool.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.astropool.task.BatchResults;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.RandomStreams;
import org.astropool.task.TaskContext;
import org.astropool.task.TaskFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NumberedPointFunctionTest {
    private static final long SEED = 17;
    private static final List<List<double[]>> EXPECTED = new ArrayList<>();

    /** Gives the number of its point, and a random number; fails at x = 0, does not apply at x = -1. */
    private static final class Drawing implements Model {
        @Override
        public String name() {
            return "drawing";
        }

        @Override
        public String description() {
            return "draws";
        }

        @Override
        public List<Parameter> parameters(ModelOptions options) {
            return List.of(new Parameter("x", "", -10, 10, ""));
        }

        @Override
        public List<Output> outputs(ModelOptions options) {
            return List.of(Output.number("number", "", ""), Output.number("drawn", "", ""));
        }

        @Override
        public Evaluator prepare(ModelOptions options) {
            return new Evaluator() {
                @Override
                public void evaluate(double[] point, OutputRow row, TaskContext context) {
                    if (point[0] == 0) {
                        throw new IllegalStateException("zero");
                    }
                    if (point[0] == -1) {
                        row.skip("minus one");
                    }
                    row.set(0, context.index());
                    row.set(1, context.random().nextDouble());
                }

                @Override
                public void expect(List<double[]> points, long firstIndex) {
                    EXPECTED.add(points);
                }
            };
        }
    }

    private static final class Source implements ModelSource {
        private static final long serialVersionUID = 1;

        @Override
        public Model load() {
            return new Drawing();
        }

        @Override
        public String modelName() {
            return "drawing";
        }
    }

    /** That of a task with a number which points must not see. */
    private static final TaskContext TASK = new TaskContext() {
        @Override
        public long index() {
            return 1000;
        }

        @Override
        public int attempt() {
            return 2;
        }

        @Override
        public int worker() {
            return 3;
        }

        @Override
        public RandomGenerator random() {
            throw new AssertionError("the stream of the task");
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    };

    private static final class Outcome implements BatchResults<Object> {
        private @Nullable Object result;
        private String said = "";

        @Override
        public void done(int i, @Nullable Object value) {
            result = value;
        }

        @Override
        public void failed(int i, TaskFailure failure) {
            said = "failed: " + failure.message();
        }

        @Override
        public void skipped(int i, String reason) {
            said = "skipped: " + reason;
        }
    }

    private final NumberedPointFunction function =
            new NumberedPointFunction(new Source(), ModelOptions.of(new Drawing(), java.util.Map.of()), SEED);

    private Outcome apply(double... input) throws Exception {
        Outcome outcome = new Outcome();
        function.applyBatch(List.of(input), outcome, TASK);
        return outcome;
    }

    @Test
    void pointsSeeTheirOwnNumberAndDrawByIt() throws Exception {
        double drawn = RandomStreams.stream(SEED, 5).nextDouble();

        assertThat((double[]) apply(5, 1.5).result).containsExactly(5, drawn);
        assertThat((double[]) apply(5, 2.5).result).containsExactly(5, drawn);
    }

    @Test
    void whatIsSaidOfOnePointStaysAsItIsAndOneOfABatchSpeaksForAll() throws Exception {
        assertThat(apply(5, -1).said).isEqualTo("skipped: minus one");
        assertThatThrownBy(() -> apply(5, 0)).hasMessage("zero");
        assertThat(apply(5, 1, -1).said).isEqualTo("failed: point 1 of 2: skipped: minus one");
        assertThat((double[]) apply(5, 1, 2).result).hasSize(4).startsWith(5);
    }

    @Test
    void onlyPointsThatFollowEachOtherAreSentAhead() throws Exception {
        function.expect(List.of(new double[] {5, 1.5}, new double[] {6, 2.5}, new double[] {8, 3.5}), 1000);

        List<double[]> expected = EXPECTED.get(EXPECTED.size() - 1);
        assertThat(expected).hasSize(3);
        assertThat(expected.get(0)).containsExactly(1.5);
        assertThat(expected.get(1)).containsExactly(2.5);
        assertThatThrownBy(() -> expected.get(2)).isInstanceOf(IllegalStateException.class);
    }
}
