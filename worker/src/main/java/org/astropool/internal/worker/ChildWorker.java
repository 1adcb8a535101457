package org.astropool.internal.worker;

import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.faults.FaultPlan;
import org.astropool.internal.transport.process.ChildCarrier;
import org.astropool.internal.transport.process.ChildJvm;
import org.astropool.internal.transport.process.ChildProcesses;
import org.astropool.internal.transport.process.LauncherVariables;
import org.astropool.internal.transport.process.ProcessCarrier;
import org.jspecify.annotations.Nullable;

/** A worker in a JVM of its own, started by another one: its main program, and how to start it. */
public final class ChildWorker {
    private static final long SMALLEST_HEAP = 64L << 20;

    private ChildWorker() {}

    /**
     * Starts child processes that are workers.
     *
     * @param threads evaluation threads of each
     * @param loader has the classes of functions and values
     * @throws CarrierException when a process cannot be started
     */
    public static ProcessCarrier start(
            int count, int threads, ClassLoader loader, ChildSettings settings, CommunicationThread communication)
            throws CarrierException {
        List<String> command =
                jvm(count, threads, loader, settings).command(ChildWorker.class, List.of(String.valueOf(threads)));
        return ProcessCarrier.start(
                new ChildProcesses(
                        count,
                        command,
                        LauncherVariables.without(System.getenv()),
                        (peer, line) -> settings.output().accept("worker process " + peer + ": " + line)),
                communication);
    }

    /**
     * A JVM like this one with a share of its heap, and the classes of a loader.
     *
     * @throws CarrierException when jars inside another jar cannot be copied
     */
    public static ChildJvm jvm(int count, int threads, ClassLoader loader, ChildSettings settings)
            throws CarrierException {
        long share = Math.max(SMALLEST_HEAP, Runtime.getRuntime().maxMemory() / count);
        long heap = settings.heapBytes() > 0 ? settings.heapBytes() : share;
        ChildJvm like = ChildJvm.likeThis(heap, threads);
        return new ChildJvm(heap, threads, classPath(loader), like.options()).with(settings.jvmArguments());
    }

    /** The class path of this JVM, followed by what class loaders have added. */
    private static String classPath(ClassLoader loader) throws CarrierException {
        Set<String> entries = new LinkedHashSet<>(List.of(System.getProperty("java.class.path")));
        List<URL> added = new ArrayList<>(urls(loader));
        added.addAll(urls(ChildWorker.class.getClassLoader())); // which another loader may not know
        for (URL url : added) {
            Path file = file(url);
            Path entry = file == null ? NestedJars.copy(url) : file;
            if (entry != null) {
                entries.add(entry.toString());
            }
        }
        entries.remove(""); // would be the working directory
        return String.join(File.pathSeparator, entries);
    }

    /** Jars and folders of a class loader and its parents that are not on the class path of this JVM. */
    static List<Path> addedBy(ClassLoader loader) {
        return urls(loader).stream()
                .map(ChildWorker::file)
                .flatMap(Stream::ofNullable)
                .toList();
    }

    private static List<URL> urls(@Nullable ClassLoader loader) {
        List<URL> all = new ArrayList<>();
        for (ClassLoader next = loader; next != null; next = next.getParent()) {
            if (next instanceof URLClassLoader urls) {
                all.addAll(List.of(urls.getURLs()));
            }
        }
        return all;
    }

    /** Null for what is in no file of its own. */
    private static @Nullable Path file(URL url) {
        try {
            return url.getProtocol().equals("file") ? Path.of(url.toURI()) : null;
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Path.of(url.getPath()); // characters that a URI must not have
        }
    }

    /**
     * A child's main program.
     *
     * @param arguments the number of evaluation threads
     */
    public static void main(String[] arguments) throws Exception {
        ChildCarrier carrier = ChildCarrier.join();
        WorkerLoop worker = new WorkerLoop(
                FaultPlan.of(System.getenv()).wrap(carrier.openNext()),
                carrier.thread(),
                Thread.currentThread().getContextClassLoader(),
                WorkerIdentity.ofThisProcess(),
                Integer.parseInt(arguments[0]),
                ChildSettings.of(line -> {}));
        carrier.thread().add(worker);
        worker.ended().join();
        carrier.close();
        Runtime.getRuntime().halt(0); // threads of the user's code must not delay the end
    }
}
