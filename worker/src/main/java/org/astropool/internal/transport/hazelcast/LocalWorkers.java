package org.astropool.internal.transport.hazelcast;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.astropool.internal.system.NativeEnvironment;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.process.ChildJvm;
import org.astropool.internal.transport.process.LauncherVariables;
import org.astropool.internal.transport.process.OutputPump;
import org.astropool.internal.worker.ChildWorker;

/**
 * {@link RemoteWorker}s that the master starts on its own machine, so that a pool over Hazelcast needs nobody else. One
 * that dies is started again, unless three in a row died young. Thread-safe.
 */
public final class LocalWorkers implements AutoCloseable {
    private static final int MAX_YOUNG_DEATHS = 3;
    private static final long YOUNG_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long FAREWELL_MILLIS = 1_000;

    private final List<String> command;
    private final Map<String, String> environment = LauncherVariables.without(System.getenv());
    private final Consumer<String> output;
    private final Consumer<String> onGivenUp;
    private final List<Process> living = new ArrayList<>();
    private boolean closing;

    private LocalWorkers(List<String> command, Consumer<String> output, Consumer<String> onGivenUp) {
        this.command = command;
        this.output = output;
        this.onGivenUp = onGivenUp;
    }

    /**
     * Starts them; does not wait until they have joined.
     *
     * @param threads evaluation threads of each
     * @param loader has the classes of functions and values
     * @param output takes what they print, line by line; called by other threads
     * @param onGivenUp is told when one is not started again, with what it said last; called by another thread
     * @throws CarrierException when a process cannot be started
     */
    public static LocalWorkers start(
            int count,
            int threads,
            ClassLoader loader,
            Endpoint master,
            Path secretFile,
            Consumer<String> output,
            Consumer<String> onGivenUp)
            throws CarrierException {
        ChildJvm jvm = ChildWorker.jvm(count, threads, loader);
        List<String> command =
                jvm.command(RemoteWorker.class.getName(), RemoteWorker.arguments(master, secretFile, threads));
        LocalWorkers workers = new LocalWorkers(command, output, onGivenUp);
        try {
            for (int number = 1; number <= count; number++) {
                workers.start(number, 0);
            }
            return workers;
        } catch (IOException e) {
            workers.close();
            throw new CarrierException(
                    "a worker process could not be started: " + e + "; its program is " + command.get(0), e);
        }
    }

    private synchronized void start(int number, int youngDeaths) throws IOException {
        if (closing) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        long started = System.nanoTime();
        Process process = NativeEnvironment.start(builder);
        living.add(process);
        Thread watch = new Thread(() -> watch(number, process, started, youngDeaths), "astropool local worker");
        watch.setDaemon(true);
        watch.start();
    }

    private void watch(int number, Process process, long started, int youngDeaths) {
        String name = "local worker " + number;
        OutputPump printed = new OutputPump(
                "astropool " + name,
                number,
                Channels.newChannel(process.getInputStream()),
                (worker, line) -> output.accept(name + ": " + line));
        printed.start();
        try {
            printed.awaitEnd(0); // for as long as it takes
            int code = process.waitFor();
            ended(process);
            if (code != 0) {
                boolean young = System.nanoTime() - started < YOUNG_NANOS;
                replace(number, code, young ? youngDeaths + 1 : 0, printed.lastWords());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void ended(Process process) {
        living.remove(process);
    }

    private void replace(int number, int code, int youngDeaths, String lastWords) throws IOException {
        synchronized (this) {
            if (closing) {
                return;
            }
        }
        if (youngDeaths < MAX_YOUNG_DEATHS) {
            start(number, youngDeaths);
        } else {
            onGivenUp.accept("local worker " + number + " ended with code " + code + " soon after its start, "
                    + MAX_YOUNG_DEATHS + " times in a row; it said: " + lastWords);
        }
    }

    /** Ends those that have not left by themselves within a second. */
    @Override
    public void close() {
        List<Process> last;
        synchronized (this) {
            closing = true;
            last = List.copyOf(living);
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FAREWELL_MILLIS);
        try {
            for (Process process : last) {
                process.waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Process process : last) {
            List<ProcessHandle> descendants = process.descendants().toList();
            process.destroyForcibly();
            descendants.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
