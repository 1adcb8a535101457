package org.astropool.internal.model;

/** A model of astropool that needs a library which users provide like their own models. */
public interface UsesLibraries {

    /**
     * Called once, before anything else.
     *
     * @param libraries where models are looked up, including the jars of {@code --class-path}
     */
    void libraries(ClassLoader libraries);
}
