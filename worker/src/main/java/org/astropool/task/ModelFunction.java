package org.astropool.task;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a model on a grid. Inputs are indices of the grid, so a task costs no bytes; results are the packed numbers
 * of {@link OutputRow} as {@code double[]}, or a {@link ModelRow} when the model has strings.
 *
 * <p>What travels is the model's name, its options, the axes and the fixed values. Each process finds and prepares the
 * model for itself, once, or once a thread for a model that is not thread-safe. Thread-safe.
 */
public final class ModelFunction implements BatchFunction<Long, Object> {
    private static final long serialVersionUID = 1;

    private final String modelName;
    private final ArrayList<String> classPath;
    private final ModelOptions options;
    private final Grid grid;
    private final HashMap<String, Double> fixed;

    private transient Map<Thread, PreparedModel> ofThreads = new ConcurrentHashMap<>();
    private transient volatile @Nullable PreparedModel ofProcess;
    private transient @Nullable Model model;
    private transient @Nullable Exception failure;

    /**
     * @param modelName as {@link Models#find} takes it
     * @param classPath jars and folders that hold the model, beside the context class loader
     * @param fixed values of the parameters that are on no axis
     */
    public ModelFunction(
            String modelName, List<String> classPath, ModelOptions options, Grid grid, Map<String, Double> fixed) {
        this.modelName = modelName;
        this.classPath = new ArrayList<>(classPath);
        this.options = options;
        this.grid = grid;
        this.fixed = new HashMap<>(fixed);
    }

    @Override
    public void applyBatch(List<Long> indices, BatchResults<Object> results, TaskContext context) throws Exception {
        prepared().evaluate(indices, results, context);
    }

    @Override
    public void prepare() throws Exception {
        prepared();
    }

    private PreparedModel prepared() throws Exception {
        PreparedModel prepared = ofProcess;
        if (prepared == null) {
            prepared = ofThreads.get(Thread.currentThread());
        }
        return prepared != null ? prepared : load();
    }

    /** Synchronized: the first thread loads the data, the others wait for them. */
    private synchronized PreparedModel load() throws Exception {
        PreparedModel prepared = ofProcess;
        if (prepared != null) {
            return prepared;
        }
        if (failure != null) {
            throw failure; // loading again for each of many points would fail again, slowly
        }
        try {
            return loadNow();
        } catch (InterruptedException e) {
            throw e; // says nothing about the model
        } catch (Exception e) {
            failure = new ModelException("model " + modelName + " could not be prepared: " + e, e);
            throw failure;
        }
    }

    private PreparedModel loadNow() throws Exception {
        Model found = model;
        if (found == null) {
            ClassLoader context = Thread.currentThread().getContextClassLoader();
            found = Models.find(modelName, Models.loader(classPath, context));
            model = found;
        }
        PreparedModel prepared = new PreparedModel(found, options, grid, fixed);
        if (found.threadSafe(options)) {
            ofProcess = prepared;
        } else {
            ofThreads.put(Thread.currentThread(), prepared);
        }
        return prepared;
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        ofThreads = new ConcurrentHashMap<>();
    }
}
