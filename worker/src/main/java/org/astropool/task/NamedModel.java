package org.astropool.task;

import java.util.ArrayList;
import java.util.List;

/**
 * A model on the class path.
 *
 * @param modelName as {@link Models#find} takes it
 * @param classPath jars and folders that hold it, beside the context class loader
 */
record NamedModel(String modelName, ArrayList<String> classPath) implements ModelSource {
    private static final long serialVersionUID = 1;

    static NamedModel of(String modelName, List<String> classPath) {
        return new NamedModel(modelName, new ArrayList<>(classPath));
    }

    @Override
    public Model load() throws ModelException {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return Models.find(modelName, Models.loader(classPath, context));
    }
}
