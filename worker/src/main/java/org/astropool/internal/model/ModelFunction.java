package org.astropool.internal.model;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.astropool.task.BatchFunction;
import org.astropool.task.BatchResults;
import org.astropool.task.ModelOptions;
import org.astropool.task.OutputRow;
import org.astropool.task.Points;
import org.astropool.task.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a model at points. Inputs are their indices, so a task costs no bytes; results are the packed numbers of
 * {@link OutputRow} as {@code double[]}, or the bytes of a {@link ModelRow} when the model has strings.
 *
 * <p>Its serialized form holds the source of the model, its options, the points (for a grid only its axes) and the
 * fixed values. Each process finds and prepares the model itself, once, or once per thread for a model that is not
 * thread-safe. Thread-safe.
 */
public final class ModelFunction implements BatchFunction<Long, Object>, EvaluatedElsewhere {
    private static final long serialVersionUID = 1;

    private final ModelLoader loader;
    private final Points points;
    private final TreeMap<String, Double> fixed;

    private transient volatile @Nullable ModelPoints modelPoints;

    /**
     * @param modelName as {@link Models#find} takes it
     * @param classPath jars and folders that hold the model, beside the context class loader
     * @param fixed values of the parameters that the points do not have
     */
    public ModelFunction(
            String modelName, List<String> classPath, ModelOptions options, Points points, Map<String, Double> fixed) {
        this(new NamedModel(modelName, classPath), options, points, fixed);
    }

    /** @param fixed values of the parameters that the points do not have */
    public ModelFunction(ModelSource source, ModelOptions options, Points points, Map<String, Double> fixed) {
        this.loader = new ModelLoader(source, options);
        this.points = points;
        this.fixed = new TreeMap<>(fixed);
    }

    @Override
    public void applyBatch(List<Long> indices, BatchResults<Object> results, TaskContext context) throws Exception {
        PreparedModel prepared = loader.prepared();
        prepared.evaluate(modelPoints(prepared).at(indices), results, context);
    }

    private ModelPoints modelPoints(PreparedModel prepared) {
        ModelPoints known = modelPoints;
        if (known == null) {
            known = new ModelPoints(points, prepared.names(), fixed);
            modelPoints = known;
        }
        return known;
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
    public void expect(List<Long> indices, long firstIndex) throws Exception {
        PreparedModel prepared = loader.prepared();
        prepared.expect(modelPoints(prepared).views(indices), firstIndex);
    }
}
