package org.astropool.internal.model;

import java.util.AbstractList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.astropool.task.BatchFunction;
import org.astropool.task.BatchResults;
import org.astropool.task.ModelOptions;
import org.astropool.task.RandomStreams;
import org.astropool.task.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a model at points that have their own numbers, in any order and one by one or in batches: the model sees
 * the number of a point, and draws its random numbers by it. An input is {@link NumberedPoints}, packed. The result of
 * one point is that of {@link ModelFunction}; of several it is their numbers, point by point, and when one of them
 * fails or is skipped the whole input fails. Thread-safe.
 */
public final class NumberedPointFunction implements BatchFunction<double[], Object>, EvaluatedElsewhere {
    private static final long serialVersionUID = 1;

    private final ModelLoader loader;
    private final long seed;

    /** @param seed of the random streams of the points */
    public NumberedPointFunction(ModelSource source, ModelOptions options, long seed) {
        this.loader = new ModelLoader(source, options);
        this.seed = seed;
    }

    /**
     * The same for a model that workers find themselves.
     *
     * @param modelName as {@link Models#find} takes it
     * @param seed of the random streams of the points
     */
    public NumberedPointFunction(String modelName, List<String> classPath, ModelOptions options, long seed) {
        this(new NamedModel(modelName, classPath), options, seed);
    }

    @Override
    public void applyBatch(List<double[]> inputs, BatchResults<Object> results, TaskContext context) throws Exception {
        PreparedModel prepared = loader.prepared();
        int parameters = prepared.names().size();
        for (int i = 0; i < inputs.size(); i++) {
            NumberedPoints input = NumberedPoints.of(inputs.get(i), parameters);
            JoinedResults joined = new JoinedResults(input.points().length);
            prepared.evaluate(input.points(), joined, new NumberedContext(context, input.first(), seed));
            joined.report(i, results);
        }
    }

    @Override
    public boolean isElsewhere() {
        return loader.isElsewhere();
    }

    @Override
    public void prepare() throws Exception {
        loader.prepared().prepare();
    }

    @Override
    public void expect(List<double[]> inputs, long firstIndex) throws Exception {
        PreparedModel prepared = loader.prepared();
        int parameters = prepared.names().size();
        long first;
        try {
            first = NumberedPoints.of(inputs.get(0), parameters).first();
        } catch (RuntimeException e) {
            prepared.expect(List.of(), 0); // it fails when it is evaluated
            return;
        }
        prepared.expect(
                new AbstractList<>() {
                    @Override
                    public double[] get(int i) {
                        NumberedPoints input = NumberedPoints.of(inputs.get(i), parameters);
                        if (input.points().length != 1 || input.first() != first + i) {
                            throw new IllegalStateException("not one point, or not the next: it is not sent ahead");
                        }
                        return input.points()[0];
                    }

                    @Override
                    public int size() {
                        return inputs.size();
                    }
                },
                first);
    }

    private static final class NumberedContext implements TaskContext {
        private final TaskContext task;
        private final long number;
        private final long seed;
        private @Nullable RandomGenerator random;

        NumberedContext(TaskContext task, long number, long seed) {
            this.task = task;
            this.number = number;
            this.seed = seed;
        }

        @Override
        public long index() {
            return number;
        }

        @Override
        public int attempt() {
            return task.attempt();
        }

        @Override
        public int worker() {
            return task.worker();
        }

        @Override
        public RandomGenerator random() {
            RandomGenerator stream = random;
            if (stream == null) {
                stream = RandomStreams.stream(seed, number);
                random = stream;
            }
            return stream;
        }

        @Override
        public boolean isCancelled() {
            return task.isCancelled();
        }
    }
}
