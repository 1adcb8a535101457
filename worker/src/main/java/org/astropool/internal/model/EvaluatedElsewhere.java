package org.astropool.internal.model;

/**
 * A function that another process evaluates, for which the calling thread waits: that process needs the processor, so
 * threads of this one do not spin.
 */
public interface EvaluatedElsewhere {

    /** Whether this instance is such a function. */
    default boolean isElsewhere() {
        return true;
    }

    /** Whether a function, or the source of a model, is evaluated by another process. */
    static boolean holdsFor(Object function) {
        return function instanceof EvaluatedElsewhere some && some.isElsewhere();
    }
}
