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
import java.util.function.Consumer;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.faults.FaultPlan;
import org.astropool.internal.transport.process.ChildCarrier;
import org.astropool.internal.transport.process.ChildJvm;
import org.astropool.internal.transport.process.ChildProcesses;
import org.astropool.internal.transport.process.LauncherVariables;
import org.astropool.internal.transport.process.ProcessCarrier;
import org.slf4j.LoggerFactory;

/** A worker in a JVM of its own, started by another one: its main program, and how to start it. */
public final class ChildWorker {
    private static final long SMALLEST_HEAP = 64L << 20;

    private ChildWorker() {}

    /**
     * Starts child processes that are workers.
     *
     * @param threads evaluation threads of each
     * @param loader has the classes of functions and values
     * @param output takes what they print, line by line; called by other threads
     * @throws CarrierException when a process cannot be started
     */
    public static ProcessCarrier start(
            int count, int threads, ClassLoader loader, Consumer<String> output, CommunicationThread communication)
            throws CarrierException {
        List<String> command =
                jvm(count, threads, loader).command(ChildWorker.class.getName(), List.of(String.valueOf(threads)));
        return ProcessCarrier.start(
                new ChildProcesses(
                        count,
                        command,
                        LauncherVariables.without(System.getenv()),
                        (peer, line) -> output.accept("worker process " + peer + ": " + line)),
                communication);
    }

    /** A JVM like this one with a share of its heap, and the classes of a loader. */
    public static ChildJvm jvm(int count, int threads, ClassLoader loader) {
        long heap = Math.max(SMALLEST_HEAP, Runtime.getRuntime().maxMemory() / count);
        ChildJvm like = ChildJvm.likeThis(heap, threads);
        return new ChildJvm(heap, threads, classPath(loader), like.options());
    }

    /** The class path of this JVM, followed by what class loaders have added. */
    private static String classPath(ClassLoader loader) {
        Set<String> entries = new LinkedHashSet<>(List.of(System.getProperty("java.class.path")));
        addedBy(loader).forEach(entry -> entries.add(entry.toString()));
        return String.join(File.pathSeparator, entries);
    }

    /** Jars and folders of a class loader and its parents that are not on the class path of this JVM. */
    static List<Path> addedBy(ClassLoader loader) {
        List<Path> entries = new ArrayList<>();
        for (ClassLoader next = loader; next != null; next = next.getParent()) {
            if (next instanceof URLClassLoader urls) {
                for (URL url : urls.getURLs()) {
                    try {
                        entries.add(Path.of(url.toURI()));
                    } catch (URISyntaxException
                            | IllegalArgumentException
                            | java.nio.file.FileSystemNotFoundException e) {
                        LoggerFactory.getLogger(ChildWorker.class)
                                .warn(
                                        "classes from {} are not available in other processes, because they are not in a file",
                                        url);
                    }
                }
            }
        }
        return entries;
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
                line -> {});
        carrier.thread().add(worker);
        worker.ended().join();
        carrier.close();
        Runtime.getRuntime().halt(0); // threads of the user's code must not delay the end
    }
}
