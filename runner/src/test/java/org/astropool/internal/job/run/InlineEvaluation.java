package org.astropool.internal.job.run;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.model.ModelFunction;
import org.astropool.task.BatchResults;
import org.astropool.task.FailureKind;
import org.astropool.task.Outcome;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskContext;
import org.astropool.task.TaskFailure;

/** Evaluates a grid in this thread, without a pool. */
public final class InlineEvaluation {
    private InlineEvaluation() {}

    public static EvaluationResult of(EvaluationSpec spec) {
        EvaluationResult result = new EvaluationResult(spec);
        ModelFunction function = spec.function();
        long size = spec.points().size();
        for (long first = 0; first < size; first += spec.batchSize()) {
            List<Long> batch = LongStream.range(first, Math.min(size, first + spec.batchSize()))
                    .boxed()
                    .toList();
            try {
                Results collected = new Results(result, batch);
                function.applyBatch(batch, collected, new Context(first));
            } catch (Exception e) {
                batch.forEach(index -> one(result, function, index));
            }
        }
        return result;
    }

    private static void one(EvaluationResult result, ModelFunction function, long index) {
        Outcome.Execution execution = new Outcome.Execution(1, 0, "here", 0.5);
        try {
            function.applyBatch(List.of(index), new Results(result, List.of(index)), new Context(index));
        } catch (SkippedException e) {
            result.add(new Outcome.Skipped<>(index, execution, String.valueOf(e.getMessage())));
        } catch (Exception e) {
            result.add(new Outcome.Failed<>(
                    index,
                    execution,
                    TaskFailure.of(
                                    FailureKind.EXCEPTION,
                                    String.valueOf(e.getMessage()),
                                    new TaskFailure.Thrown(e.getClass().getName(), ""))
                            .at(0, "here", 1)));
        }
    }

    private record Results(EvaluationResult result, List<Long> indices) implements BatchResults<Object> {
        private static final Outcome.Execution EXECUTION = new Outcome.Execution(1, 0, "here", 0.5);

        @Override
        public void done(int i, Object value) {
            result.add(new Outcome.Done<>(indices.get(i), EXECUTION, value));
        }

        @Override
        public void failed(int i, TaskFailure failure) {
            result.add(new Outcome.Failed<>(indices.get(i), EXECUTION, failure.at(0, "here", 1)));
        }

        @Override
        public void skipped(int i, String reason) {
            result.add(new Outcome.Skipped<>(indices.get(i), EXECUTION, reason));
        }
    }

    private record Context(long index) implements TaskContext {
        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public int worker() {
            return 0;
        }

        @Override
        public RandomGenerator random() {
            return new SplittableRandom(index);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    }
}
