package org.astropool.internal.model;

import java.util.ArrayList;
import java.util.List;
import org.astropool.task.Model;

/**
 * A model on the class path. Not a record, because deserializing the first record takes each worker 40 ms at its start.
 */
final class NamedModel implements ModelSource {
    private static final long serialVersionUID = 1;

    private final String modelName;
    private final ArrayList<String> classPath;

    /**
     * @param modelName as {@link Models#find} takes it
     * @param classPath jars and folders that hold it, beside the context class loader
     */
    NamedModel(String modelName, List<String> classPath) {
        this.modelName = modelName;
        this.classPath = new ArrayList<>(classPath);
    }

    @Override
    public String modelName() {
        return modelName;
    }

    @Override
    public Model load() throws ModelException {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return Models.find(modelName, Models.loader(classPath, context));
    }
}
