package org.astropool.internal.model;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;

/**
 * A model on the class path that is refused in a process where its data files or classes differ from those of the
 * master, because the results would be inconsistent. Immutable.
 */
public final class CheckedModel implements ModelSource {
    private static final long serialVersionUID = 1;

    private final NamedModel source;
    private final ArrayList<String> classPath;
    private final ModelOptions options;
    private final TreeMap<String, String> digests;

    /**
     * @param modelName as {@link Models#find} takes it
     * @param classPath jars and folders that hold it, beside the context class loader
     * @param digests of {@link ModelFiles#of} on the master
     */
    public CheckedModel(String modelName, List<String> classPath, ModelOptions options, Map<String, String> digests) {
        this.source = new NamedModel(modelName, classPath);
        this.classPath = new ArrayList<>(classPath);
        this.options = options;
        this.digests = new TreeMap<>(digests);
    }

    @Override
    public Model load() throws ModelException {
        Model model = source.load();
        try {
            Map<String, String> here = ModelFiles.of(
                    model.dataFiles(options), classPath.stream().map(Path::of).toList());
            Map<String, String> master = new TreeMap<>(digests);
            // A worker on another machine may have been given its classes by an option of its own.
            master.keySet().removeIf(name -> name.startsWith(ModelFiles.CLASS_PATH) && !here.containsKey(name));
            String differences = ModelFiles.differences(master, here);
            if (!differences.isEmpty()) {
                throw new ModelException("model " + modelName() + " is not that of the master: " + differences
                        + "; give all hosts the same files");
            }
        } catch (UncheckedIOException e) {
            throw new ModelException("model " + modelName() + ": " + e.getMessage(), e);
        }
        return model;
    }

    @Override
    public String modelName() {
        return source.modelName();
    }
}
