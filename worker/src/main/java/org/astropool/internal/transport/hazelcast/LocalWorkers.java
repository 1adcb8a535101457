package org.astropool.internal.transport.hazelcast;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.astropool.internal.system.NativeEnvironment;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.process.ChildJvm;
import org.astropool.internal.transport.process.LauncherVariables;
import org.astropool.internal.transport.process.OutputPump;
import org.astropool.internal.transport.process.RestartPolicy;
import org.astropool.internal.worker.ChildSettings;
import org.astropool.internal.worker.ChildWorker;

/**
 * {@link RemoteWorker}s that the master starts on its own machine, so that a pool over Hazelcast needs no others. A
 * process that dies is started again as {@link RestartPolicy} says. Thread-safe.
 */
public final class LocalWorkers implements AutoCloseable {
    /** A process that ends sooner, and had not joined, will hardly do better when it is started again. */
    private static final long YOUNG_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long SHUTDOWN_MILLIS = 1_000;

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
     * @param onGivenUp is told when a process is not started again, with its last output; called by another thread
     * @throws CarrierException when a process cannot be started
     */
    public static LocalWorkers start(
            int count,
            int threads,
            ClassLoader loader,
            Endpoint master,
            Path secretFile,
            ChildSettings settings,
            Consumer<String> onGivenUp)
            throws CarrierException {
        ChildJvm jvm = ChildWorker.jvm(count, threads, loader, settings);
        List<String> command = jvm.command(RemoteWorker.class, RemoteWorker.arguments(master, secretFile, threads));
        LocalWorkers workers = new LocalWorkers(command, settings.output(), onGivenUp);
        try {
            for (int number = 1; number <= count; number++) {
                workers.start(number, new RestartPolicy());
            }
            return workers;
        } catch (IOException e) {
            workers.close();
            throw new CarrierException(
                    "a worker process could not be started: " + e + "; its program is " + command.get(0), e);
        }
    }

    private synchronized void start(int number, RestartPolicy policy) throws IOException {
        if (closing) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        long started = System.nanoTime();
        Process process = NativeEnvironment.start(builder);
        living.add(process);
        Thread watch = new Thread(() -> watch(number, process, started, policy), "astropool local worker");
        watch.setDaemon(true);
        watch.start();
    }

    private void watch(int number, Process process, long started, RestartPolicy policy) {
        String name = "local worker " + number;
        AtomicBoolean joined = new AtomicBoolean();
        OutputPump printed = new OutputPump(
                "astropool " + name, number, Channels.newChannel(process.getInputStream()), (worker, line) -> {
                    if (joined.get() || !line.equals(RemoteWorker.CHILD_HAS_JOINED)) {
                        output.accept(name + ": " + line);
                    } else {
                        joined.set(true);
                    }
                });
        printed.start();
        try {
            printed.awaitEnd(0); // without a limit
            int code = process.waitFor();
            ended(process);
            if (code != 0) {
                long age = System.nanoTime() - started;
                if (age < YOUNG_NANOS && !joined.get()) {
                    policy.endedBeforeWork();
                } else {
                    policy.endedAfterWork(age);
                }
                replace(number, code, policy, printed.lastWords());
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

    private void replace(int number, int code, RestartPolicy policy, String lastWords)
            throws IOException, InterruptedException {
        synchronized (this) {
            if (closing) {
                return;
            }
        }
        if (!policy.isGivenUp()) {
            TimeUnit.MILLISECONDS.sleep(policy.delayMillis());
            start(number, policy);
        } else {
            onGivenUp.accept("local worker " + number + " ended with code " + code + " before it joined, "
                    + RestartPolicy.MAX_USELESS_STARTS + " times in a row; it said: " + lastWords);
        }
    }

    /** Kills the processes that have not ended by themselves within a second. */
    @Override
    public void close() {
        List<Process> last;
        synchronized (this) {
            closing = true;
            last = List.copyOf(living);
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SHUTDOWN_MILLIS);
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
