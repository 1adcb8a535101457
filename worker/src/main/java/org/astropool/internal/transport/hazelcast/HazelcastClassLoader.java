package org.astropool.internal.transport.hazelcast;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;

/**
 * What Hazelcast may load by name: its own classes, those of the Java platform, and the one class by which this package
 * extends its clients. Hazelcast instantiates classes that messages name (in its Compact, Portable and data
 * serialization, and for listeners); with this loader, no class of astropool, of a user or of another library can be
 * named.
 */
final class HazelcastClassLoader extends ClassLoader {
    private static final List<String> ADMITTED_PACKAGES = List.of("com.hazelcast.", "java.");
    private static final String CLIENT_EXTENSION = "META-INF/services/com.hazelcast.client.impl.ClientExtension";
    private static final String OWN_CLIENT_EXTENSION = "hazelcast-client-extension";

    private final ClassLoader hazelcast;

    HazelcastClassLoader() {
        super("astropool-hazelcast", null);
        this.hazelcast = Objects.requireNonNull(HazelcastClassLoader.class.getClassLoader(), "a class path");
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (name.equals(WorkerExtension.class.getName())
                || ADMITTED_PACKAGES.stream().anyMatch(name::startsWith)) {
            return Class.forName(name, false, hazelcast);
        }
        throw new ClassNotFoundException(name + " is not a class that Hazelcast may load here");
    }

    @Override
    protected URL findResource(String name) {
        return hazelcast.getResource(name);
    }

    /** Only clients of astropool are extended, not those that a program on the same class path has of its own. */
    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
        if (name.equals(CLIENT_EXTENSION)) {
            return Collections.enumeration(
                    List.of(Objects.requireNonNull(HazelcastClassLoader.class.getResource(OWN_CLIENT_EXTENSION))));
        }
        return hazelcast.getResources(name);
    }
}
