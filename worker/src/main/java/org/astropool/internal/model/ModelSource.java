package org.astropool.internal.model;

import java.io.Serializable;
import org.astropool.task.Model;

/** What travels to the workers instead of a model, and gives it there. Immutable. */
public interface ModelSource extends Serializable {

    /**
     * The model, in this process.
     *
     * @throws ModelException when it is not there, or cannot be loaded
     */
    Model load() throws ModelException;

    /** For messages. */
    String modelName();
}
