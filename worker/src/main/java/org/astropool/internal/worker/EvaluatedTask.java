package org.astropool.internal.worker;

import java.util.random.RandomGenerator;
import org.astropool.task.RandomStreams;
import org.astropool.task.TaskContext;
import org.jspecify.annotations.Nullable;

/** The context of the task, or of the first task of the batch, that a thread evaluates. */
final class EvaluatedTask implements TaskContext {
    private final Evaluation evaluation;
    private final long index;
    private @Nullable RandomGenerator random;

    EvaluatedTask(Evaluation evaluation, long index) {
        this.evaluation = evaluation;
        this.index = index;
    }

    @Override
    public long index() {
        return index;
    }

    @Override
    public int attempt() {
        return evaluation.attempt();
    }

    @Override
    public int worker() {
        return evaluation.worker();
    }

    @Override
    public RandomGenerator random() {
        if (random == null) {
            random = RandomStreams.stream(evaluation.seed(), index);
        }
        return random;
    }

    @Override
    public boolean isCancelled() {
        return evaluation.isCancelled(index);
    }
}
