package org.astropool.protocol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Java serialization with the classes of the user's loader, behind a filter. Thread-safe.
 *
 * <p>The filter bounds depth and array sizes so that a damaged frame is an error and not an OutOfMemoryError; the
 * filter of the JVM ({@code jdk.serialFilter}), when there is one, holds as well. It does not make input of a stranger
 * safe: peers of a carrier are trusted to be part of the same job.
 */
public final class Serialization {
    private static final ObjectInputFilter LIMITS =
            ObjectInputFilter.Config.createFilter("maxdepth=1000;maxarray=2147483647");

    private final ClassLoader loader;
    private final UnaryOperator<Object> resolver;

    /** @param resolver may replace each object that is read, for instance a reference by what it stands for here */
    public Serialization(ClassLoader loader, UnaryOperator<Object> resolver) {
        this.loader = loader;
        this.resolver = resolver;
    }

    public Serialization(ClassLoader loader) {
        this(loader, UnaryOperator.identity());
    }

    /** @throws UnserializableException naming the field or captured variable that cannot be serialized */
    public static byte[] write(@Nullable Object value) throws UnserializableException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (Throwable e) { // the value's own writeObject may throw anything
            throw new UnserializableException(UnserializablePart.describe(value, e), e);
        }
        return bytes.toByteArray();
    }

    /** @throws Exception whatever reading throws, the value's own readObject included */
    public @Nullable Object read(byte[] bytes) throws Exception {
        try (ObjectInputStream in = new LoaderInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        } catch (StackOverflowError e) {
            throw new IOException("a value is nested too deeply to be deserialized", e);
        }
    }

    private final class LoaderInputStream extends ObjectInputStream {
        LoaderInputStream(InputStream in) throws IOException {
            super(in);
            ObjectInputFilter jvmWide = getObjectInputFilter();
            setObjectInputFilter(jvmWide == null ? LIMITS : ObjectInputFilter.merge(LIMITS, jvmWide));
            enableResolveObject(true);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(description.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(description); // primitive types
            }
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) throws IOException, ClassNotFoundException {
            Class<?>[] classes = new Class<?>[interfaces.length];
            for (int i = 0; i < classes.length; i++) {
                classes[i] = Class.forName(interfaces[i], false, loader);
            }
            return Proxy.newProxyInstance(loader, classes, (proxy, method, arguments) -> null)
                    .getClass();
        }

        @Override
        protected Object resolveObject(Object object) {
            return resolver.apply(object);
        }
    }
}
