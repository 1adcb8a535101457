package org.astropool.internal.worker;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** The classes of one class loader, then those of another. */
final class LoaderChain extends ClassLoader {
    private final ClassLoader second;

    static {
        registerAsParallelCapable();
    }

    LoaderChain(ClassLoader first, ClassLoader second) {
        super(first);
        this.second = second;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        return second.loadClass(name);
    }

    /** Some loaders give class files in this way alone. */
    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        InputStream ofFirst = getParent().getResourceAsStream(name);
        return ofFirst == null ? second.getResourceAsStream(name) : ofFirst;
    }

    @Override
    protected @Nullable URL findResource(String name) {
        return second.getResource(name);
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
        return second.getResources(name);
    }
}
