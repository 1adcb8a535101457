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
 * <p>The filter bounds depth, and arrays by the bytes that are there for their elements, so that a damaged frame is an
 * error and not an OutOfMemoryError; the filter of the JVM ({@code jdk.serialFilter}), when there is one, holds as well. It
 * does not make input of a stranger safe: peers of a carrier are trusted to be part of the same job. There is no list of
 * classes: functions and values are the user's own.
 */
public final class Serialization {
    private static final int MAX_DEPTH = 1000;
    /** Hash tables are larger than what is in them. */
    private static final long ELEMENTS_PER_BYTE = 4;

    private static final long FEW_ELEMENTS = 1 << 12;

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
        try (ObjectInputStream in = new LoaderInputStream(new ByteArrayInputStream(bytes), limits(bytes.length))) {
            return in.readObject();
        } catch (StackOverflowError e) {
            throw new IOException("a value is nested too deeply to be deserialized", e);
        }
    }

    private static ObjectInputFilter limits(long streamBytes) {
        long mostElements = FEW_ELEMENTS + ELEMENTS_PER_BYTE * streamBytes;
        return info -> info.depth() > MAX_DEPTH || info.arrayLength() > mostElements
                ? ObjectInputFilter.Status.REJECTED
                : ObjectInputFilter.Status.UNDECIDED;
    }

    private final class LoaderInputStream extends ObjectInputStream {
        LoaderInputStream(InputStream in, ObjectInputFilter limits) throws IOException {
            super(in);
            ObjectInputFilter jvmWide = getObjectInputFilter();
            setObjectInputFilter(jvmWide == null ? limits : ObjectInputFilter.merge(limits, jvmWide));
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
