package org.astropool.internal.model;

import java.io.Serializable;
import org.astropool.task.Model;

/** Sent to the workers instead of a model, which it provides there. Immutable. */
public interface ModelSource extends Serializable {

    /**
     * The model, in this process.
     *
     * @throws ModelException when it does not exist, or cannot be loaded
     */
    Model load() throws ModelException;

    /** For messages. */
    String modelName();
}
