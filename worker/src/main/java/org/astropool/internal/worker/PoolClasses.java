package org.astropool.internal.worker;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The class loaders of a pool in the master's process. Each call has the classes of its own function first: those of
 * the loader that defined the function, whatever the context class loader of the thread that opened the pool was. Also
 * hands out class files to workers that lack them. Thread-safe.
 */
public final class PoolClasses {
    private static final long IDLE_SECONDS = 5;

    private final ClassLoader ofPool;
    private final boolean isChosen;
    private final ClassLoader all;
    private final Set<ClassLoader> seen = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    /** Those of the first functions with loaders of their own, which have the number of the pool. */
    private volatile List<ClassLoader> first = List.of();

    private final Map<Set<ClassLoader>, Integer> numbers = new HashMap<>();
    private final List<ClassLoader> numbered = new CopyOnWriteArrayList<>();
    /** Not the communication thread, because a class loader may be code of the user. */
    private final ThreadPoolExecutor reader;

    /**
     * @param ofPool the loader of the pool's options
     * @param isChosen whether the user has set it, so that it goes before those of functions
     */
    public PoolClasses(ClassLoader ofPool, boolean isChosen) {
        this.ofPool = ofPool;
        this.isChosen = isChosen;
        this.all = new AllLoaders();
        numbered.add(all);
        this.reader =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "astropool-classes");
                    thread.setDaemon(true);
                    return thread;
                });
        reader.allowCoreThreadTimeOut(true);
    }

    /** The classes of the pool's loader, then those of all loaders that functions and values had so far. */
    private final class AllLoaders extends ClassLoader {
        static {
            registerAsParallelCapable();
        }

        AllLoaders() {
            super(ofPool);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            for (ClassLoader loader : others()) {
                try {
                    return loader.loadClass(name);
                } catch (ClassNotFoundException e) {
                    // perhaps the next one has it
                }
            }
            throw new ClassNotFoundException(name);
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            return Stream.concat(Stream.of(ofPool), others().stream())
                    .map(loader -> loader.getResourceAsStream(name))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }

        @Override
        protected @Nullable URL findResource(String name) {
            return others().stream()
                    .map(loader -> loader.getResource(name))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }
    }

    private List<ClassLoader> others() {
        Set<ClassLoader> others = new LinkedHashSet<>(first);
        synchronized (seen) {
            others.addAll(seen);
        }
        return List.copyOf(others);
    }

    /** Notes where the class of a value comes from. */
    public void see(@Nullable Object value) {
        ClassLoader loader = value == null ? null : value.getClass().getClassLoader();
        if (loader != null) {
            see(Set.of(loader));
        }
    }

    /** Notes the loaders of the classes of a value. */
    public void see(Set<ClassLoader> loaders) {
        for (ClassLoader loader : loaders) {
            if (!isAncestor(loader, ofPool)) {
                seen.add(loader);
            }
        }
    }

    /**
     * The number of a loader with the classes of a function first. It is kept as long as the pool.
     *
     * @param ofFunction the loaders of the classes that the function consists of
     */
    public synchronized int numberFor(Set<ClassLoader> ofFunction) {
        Set<ClassLoader> own = new LinkedHashSet<>(ofFunction);
        own.removeIf(loader -> isAncestor(loader, ofPool)
                || ofFunction.stream().anyMatch(other -> other != loader && isAncestor(loader, other)));
        seen.addAll(own);
        if (isChosen || own.isEmpty()) {
            return 0;
        }
        Integer known = numbers.get(own);
        if (known == null) {
            // so that in a program with one loader of its own, broadcast values have the classes of its functions
            boolean isFirst = numbers.isEmpty() && own.stream().allMatch(loader -> isAncestor(ofPool, loader));
            if (isFirst) {
                first = List.copyOf(own);
            }
            known = isFirst ? 0 : add(own);
            numbers.put(own, known);
        }
        return known;
    }

    private int add(Set<ClassLoader> loaders) {
        List<ClassLoader> order = new ArrayList<>(loaders);
        Collections.reverse(order);
        ClassLoader chain = all;
        for (ClassLoader loader : order) {
            chain = new LoaderChain(loader, chain);
        }
        numbered.add(chain);
        return numbered.size() - 1;
    }

    private static boolean isAncestor(ClassLoader loader, ClassLoader of) {
        for (ClassLoader next = of; next != null; next = next.getParent()) {
            if (next == loader) {
                return true;
            }
        }
        return false;
    }

    /** The loader of a number; of 0: the pool's, with the classes of all that were seen. */
    public ClassLoader of(int number) {
        return numbered.get(number);
    }

    /**
     * Reads a class file that a worker lacks, on another thread.
     *
     * @param number of the loader
     * @param taker takes it, or an empty array when there is none; called by that thread
     */
    public void read(int number, String name, Consumer<byte[]> taker) {
        reader.execute(() -> taker.accept(read(number, name)));
    }

    private byte[] read(int number, String name) {
        if (number < 0 || number >= numbered.size()) {
            return new byte[0];
        }
        try (InputStream in = of(number).getResourceAsStream(name.replace('.', '/') + ".class")) {
            return in == null ? new byte[0] : in.readAllBytes();
        } catch (IOException | RuntimeException | Error e) { // of a class loader of the user; the worker waits
            LoggerFactory.getLogger(PoolClasses.class).warn("the class {} cannot be read: {}", name, e.toString());
            return new byte[0];
        }
    }
}
