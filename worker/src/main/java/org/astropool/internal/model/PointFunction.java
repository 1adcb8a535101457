package org.astropool.internal.model;

import java.util.List;
import org.astropool.task.BatchFunction;
import org.astropool.task.BatchResults;
import org.astropool.task.ModelOptions;
import org.astropool.task.TaskContext;

/** Evaluates a model at points that are the inputs: one value a parameter, in the model's order. Thread-safe. */
public final class PointFunction implements BatchFunction<double[], Object>, EvaluatedElsewhere {
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
        prepared.evaluate(inputs.toArray(double[][]::new), results, context);
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
        loader.prepared().expect(inputs, firstIndex);
    }
}
