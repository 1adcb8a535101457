package org.astropool.task;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;

/**
 * Evaluates a model at points that come one by one or in batches. An input is one or more points, one after another, each
 * with one value a parameter in the model's order. The result of one point is that of {@link ModelFunction}; of several it
 * is their numbers, point by point, and when one of them fails or is skipped the whole input fails. Thread-safe.
 */
public final class PointFunction implements BatchFunction<double[], Object> {
    private static final long serialVersionUID = 1;

    private final ModelLoader loader;

    public PointFunction(ModelSource source, ModelOptions options) {
        this.loader = new ModelLoader(source, options);
    }

    /** @param modelName as {@link Models#find} takes it */
    public PointFunction(String modelName, List<String> classPath, ModelOptions options) {
        this(new NamedModel(modelName, classPath), options);
    }

    @Override
    public void applyBatch(List<double[]> inputs, BatchResults<Object> results, TaskContext context) throws Exception {
        PreparedModel prepared = loader.prepared();
        int parameters = prepared.names().size();
        if (inputs.stream().noneMatch(input -> input.length > parameters)) {
            prepared.evaluate(inputs.toArray(double[][]::new), results, context);
            return;
        }
        for (int i = 0; i < inputs.size(); i++) {
            double[][] points = points(inputs.get(i), parameters);
            JoinedResults joined = new JoinedResults(points.length);
            prepared.evaluate(points, joined, context);
            joined.report(i, results);
        }
    }

    private static double[][] points(double[] input, int parameters) {
        double[][] points = new double[input.length / parameters][];
        for (int i = 0; i < points.length; i++) {
            points[i] = Arrays.copyOfRange(input, i * parameters, (i + 1) * parameters);
        }
        return points;
    }

    @Override
    public void prepare() throws Exception {
        loader.prepared().prepare();
    }

    @Override
    public void expect(List<double[]> inputs, long firstIndex) throws Exception {
        PreparedModel prepared = loader.prepared();
        int parameters = prepared.names().size();
        prepared.expect(
                new AbstractList<>() {
                    @Override
                    public double[] get(int i) {
                        double[] input = inputs.get(i);
                        if (input.length > parameters) {
                            throw new IllegalStateException("several points, which are not sent ahead");
                        }
                        return input;
                    }

                    @Override
                    public int size() {
                        return inputs.size();
                    }
                },
                firstIndex);
    }
}
