package org.astropool.internal.protocol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.StreamCorruptedException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Java serialization with the classes of the user's loader, behind a filter. Thread-safe.
 *
 * <p>The filter bounds depth, and the length of arrays by the number of bytes that remain, so that a damaged frame
 * causes an error and not an OutOfMemoryError; the filter of the JVM ({@code jdk.serialFilter}), if there is one,
 * applies as well. Of the Java platform, only classes of values are admitted (numbers, text, collections, times,
 * geometry); functions and other values have classes of the user, which are all admitted. This does not make input from
 * strangers safe: peers of a carrier are trusted to belong to the same job.
 */
public final class Serialization {
    private static final int MAX_DEPTH = 1000;
    /** Hash tables have more slots than elements. */
    private static final long ELEMENTS_PER_BYTE = 4;

    private static final long FEW_ELEMENTS = 1 << 12;

    /** A package name that ends with a dot includes the packages below it. */
    private static final List<String> VALUES_OF_THE_PLATFORM = List.of(
            "java.lang",
            "java.lang.invoke.SerializedLambda",
            "java.math",
            "java.time.",
            "java.text",
            "java.util.",
            "java.io.File",
            "java.net.URI",
            "java.net.Inet4Address",
            "java.net.Inet6Address",
            "java.net.InetAddress",
            "java.net.InetSocketAddress",
            "java.awt.geom",
            "java.sql.Date",
            "java.sql.Time",
            "java.sql.Timestamp",
            "sun.util.calendar.ZoneInfo");

    private final ClassLoader loader;
    private final UnaryOperator<Object> resolver;
    /** Those that values have had so far, by name: a lookup takes longer than the rest of a small value. */
    private final Map<String, Class<?>> classes = new ConcurrentHashMap<>();

    /** Classes as streams describe them, by the number of the description. */
    private final Map<Long, ObjectStreamClass> described = new ConcurrentHashMap<>();

    /** @param resolver may replace each object that is read, for instance a reference by its target in this process */
    public Serialization(ClassLoader loader, UnaryOperator<Object> resolver) {
        this.loader = loader;
        this.resolver = resolver;
    }

    public Serialization(ClassLoader loader) {
        this(loader, UnaryOperator.identity());
    }

    /** @throws UnserializableException naming the field or captured variable that cannot be serialized */
    public static byte[] write(@Nullable Object value) throws UnserializableException {
        return write(value, UnaryOperator.identity(), null);
    }

    /**
     * As {@link #write(Object)}.
     *
     * @param loaders gets the loaders of the classes of all that was written, in this order
     */
    public static byte[] write(Object value, Set<ClassLoader> loaders) throws UnserializableException {
        return write(value, UnaryOperator.identity(), loaders);
    }

    /**
     * As {@link #write(Object, Set)}.
     *
     * @param replacement of each object, which may be the object itself
     */
    public static byte[] write(
            @Nullable Object value, UnaryOperator<Object> replacement, @Nullable Set<ClassLoader> loaders)
            throws UnserializableException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (ObjectOutputStream out =
                loaders == null ? new ObjectOutputStream(bytes) : new ObservedStream(bytes, replacement, loaders)) {
            out.writeObject(value);
        } catch (Throwable e) { // the value's own writeObject may throw anything
            throw new UnserializableException(UnserializablePart.describe(value, e), e);
        }
        return bytes.toByteArray();
    }

    /**
     * As {@link #write(Object)}, without the descriptions of classes, for {@link #read(byte[], int, Map)}.
     *
     * @param classes gets those that reading needs, by their number
     */
    static byte[] write(@Nullable Object value, int offset, Map<Long, ClassDescription> classes)
            throws UnserializableException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        bytes.writeBytes(new byte[offset]);
        try (ObjectOutputStream out = new ReferringStream(bytes, classes)) {
            out.writeObject(value);
        } catch (Throwable e) { // the value's own writeObject may throw anything
            throw new UnserializableException(UnserializablePart.describe(value, e), e);
        }
        return bytes.toByteArray();
    }

    /** @throws Exception whatever reading throws, the value's own readObject included */
    public @Nullable Object read(byte[] bytes) throws Exception {
        return read(bytes, 0);
    }

    /** As {@link #read(byte[])}, from a position on. */
    @Nullable
    Object read(byte[] bytes, int from) throws Exception {
        InputStream in = new ByteArrayInputStream(bytes, from, bytes.length - from);
        return read(new LoaderInputStream(in, limits(bytes.length)));
    }

    /**
     * Reads what {@link #write(Object, int, Map)} has written after the offset.
     *
     * @param descriptions of its classes, and perhaps of others
     */
    @Nullable
    Object read(byte[] bytes, int from, Map<Long, ClassDescription> descriptions) throws Exception {
        InputStream in = new ByteArrayInputStream(bytes, from, bytes.length - from);
        return read(new ResolvingStream(in, limits(bytes.length), descriptions));
    }

    private static @Nullable Object read(ObjectInputStream stream) throws Exception {
        try (ObjectInputStream in = stream) {
            return in.readObject();
        } catch (StackOverflowError e) {
            throw new IOException("a value is nested too deeply to be deserialized", e);
        }
    }

    /** @throws IOException when the class has another shape here */
    RecordShape recordShape(String name) throws IOException, ClassNotFoundException {
        RecordShape shape = RecordShape.of(classNamed(name));
        if (shape == null) {
            throw new InvalidClassException(name, "it is no serializable record in this process");
        }
        return shape;
    }

    /** @throws InvalidClassException when values may not have the class */
    private Class<?> classNamed(String name) throws ClassNotFoundException, InvalidClassException {
        Class<?> known = classes.get(name);
        if (known == null) {
            known = LoaderInputStream.admitted(Class.forName(name, false, loader));
            classes.put(name, known);
        }
        return known;
    }

    private static ObjectInputFilter limits(long streamBytes) {
        long mostElements = FEW_ELEMENTS + ELEMENTS_PER_BYTE * streamBytes;
        return info -> info.depth() > MAX_DEPTH || info.arrayLength() > mostElements
                ? ObjectInputFilter.Status.REJECTED
                : ObjectInputFilter.Status.UNDECIDED;
    }

    private static final class ReferringStream extends ObjectOutputStream {
        private final Map<Long, ClassDescription> used;

        ReferringStream(OutputStream out, Map<Long, ClassDescription> used) throws IOException {
            super(out);
            this.used = used;
        }

        @Override
        protected void writeStreamHeader() {}

        @Override
        protected void writeClassDescriptor(ObjectStreamClass type) throws IOException {
            ClassDescription description = ClassDescription.of(type);
            used.put(description.number(), description);
            writeLong(description.number());
        }
    }

    private static final class ObservedStream extends ObjectOutputStream {
        private final UnaryOperator<Object> replacement;
        private final Set<ClassLoader> loaders;

        ObservedStream(OutputStream out, UnaryOperator<Object> replacement, Set<ClassLoader> loaders)
                throws IOException {
            super(out);
            this.replacement = replacement;
            this.loaders = loaders;
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            return replacement.apply(object);
        }

        @Override
        protected void annotateClass(Class<?> type) {
            ClassLoader loader = type.getClassLoader();
            if (loader != null) {
                loaders.add(loader);
            }
        }
    }

    private final class ResolvingStream extends LoaderInputStream {
        private final Map<Long, ClassDescription> descriptions;

        ResolvingStream(InputStream in, ObjectInputFilter limits, Map<Long, ClassDescription> descriptions)
                throws IOException {
            super(in, limits);
            this.descriptions = descriptions;
        }

        @Override
        protected void readStreamHeader() {}

        @Override
        protected ObjectStreamClass readClassDescriptor() throws IOException, ClassNotFoundException {
            long number = readLong();
            ObjectStreamClass known = described.get(number);
            if (known == null) {
                ClassDescription description = descriptions.get(number);
                if (description == null) {
                    throw new StreamCorruptedException("the description of a class is missing");
                }
                known = description.read();
                described.put(number, known);
            }
            return known;
        }
    }

    private class LoaderInputStream extends ObjectInputStream {
        LoaderInputStream(InputStream in, ObjectInputFilter limits) throws IOException {
            super(in);
            ObjectInputFilter jvmWide = getObjectInputFilter();
            setObjectInputFilter(jvmWide == null ? limits : ObjectInputFilter.merge(limits, jvmWide));
            enableResolveObject(true);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return classNamed(description.getName());
            } catch (ClassNotFoundException e) {
                return super.resolveClass(description); // primitive types
            }
        }

        private static Class<?> admitted(Class<?> type) throws InvalidClassException {
            Class<?> element = type;
            while (element.isArray()) {
                element = element.getComponentType();
            }
            ClassLoader origin = element.getClassLoader();
            boolean isOfPlatform = origin == null || origin == ClassLoader.getPlatformClassLoader();
            if (element.isPrimitive()
                    || !isOfPlatform
                    || isValue(element)
                    || Throwable.class.isAssignableFrom(element)) {
                return type;
            }
            throw new InvalidClassException(
                    type.getName(),
                    "values cannot have this class of the Java platform; use numbers, text, collections, times,"
                            + " or a class of your own");
        }

        private static boolean isValue(Class<?> type) {
            String name = type.getName();
            return VALUES_OF_THE_PLATFORM.stream()
                    .anyMatch(admitted -> name.equals(admitted)
                            || type.getPackageName().equals(admitted)
                            || (admitted.endsWith(".") && name.startsWith(admitted)));
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
