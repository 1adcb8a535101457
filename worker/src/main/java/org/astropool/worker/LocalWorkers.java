package org.astropool.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.astropool.transport.CarrierException;
import org.astropool.transport.hazelcast.Endpoint;
import org.astropool.transport.process.ChildJvm;
import org.astropool.transport.process.LauncherVariables;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link RemoteWorker}s that the master starts on its own machine, so that a pool over Hazelcast needs nobody else. One that
 * dies is started again, unless three in a row died young. Thread-safe.
 */
public final class LocalWorkers implements AutoCloseable {
    private static final int MAX_YOUNG_DEATHS = 3;
    private static final long YOUNG_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int LAST_LINES = 20;
    private static final long FAREWELL_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(LocalWorkers.class);

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
        Process process = builder.start();
        living.add(process);
        Thread watch = new Thread(() -> watch(number, process, started, youngDeaths), "astropool local worker");
        watch.setDaemon(true);
        watch.start();
    }

    private void watch(int number, Process process, long started, int youngDeaths) {
        Deque<String> lastLines = new ArrayDeque<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.accept("local worker " + number + ": " + line);
                lastLines.add(line);
                if (lastLines.size() > LAST_LINES) {
                    lastLines.remove();
                }
            }
        } catch (IOException e) {
            LOG.debug("the output of local worker {} ended", number, e);
        }
        try {
            int code = process.waitFor();
            ended(process);
            if (code != 0) {
                boolean young = System.nanoTime() - started < YOUNG_NANOS;
                replace(number, code, young ? youngDeaths + 1 : 0, lastLines);
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

    private void replace(int number, int code, int youngDeaths, Deque<String> lastLines) throws IOException {
        synchronized (this) {
            if (closing) {
                return;
            }
        }
        if (youngDeaths < MAX_YOUNG_DEATHS) {
            start(number, youngDeaths);
        } else {
            onGivenUp.accept("local worker " + number + " ended with code " + code + " soon after its start, "
                    + MAX_YOUNG_DEATHS + " times in a row; it said: " + String.join("\n", lastLines));
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
