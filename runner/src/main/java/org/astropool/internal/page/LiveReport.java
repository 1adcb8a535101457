package org.astropool.internal.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.astropool.internal.activity.PoolActivity;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.OutputDirectory;
import org.astropool.internal.job.run.RunContents;
import org.astropool.internal.job.run.RunReader;
import org.astropool.internal.page.RunHistory.Sample;
import org.astropool.pool.ProgressListener;

/**
 * Writes the report of the run of this process again and again, on a thread of its own, from the journal: the run does
 * not wait for it, except for the last report. The interval grows with the processor time that a report takes, so that
 * the reports between the first and the last one take at most 1 % of what the run uses. When a report cannot be
 * written, that is said once, and the run goes on.
 */
public final class LiveReport implements ProgressListener, AutoCloseable {
    /** Runs that end sooner write the last report only. */
    private static final Duration FIRST = Duration.ofMillis(500);

    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(3);
    private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(1);
    /** What the first report takes for loading classes, which the others do not. */
    private static final Duration FIRST_OVERHEAD = Duration.ofMillis(300);

    /** The processor time of the run in units of that of its reports. */
    private static final double SHARE = 100;

    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(20);

    private static final long LEAST_FREE_BYTES = 4L << 20;
    private static final double NANOS = 1e-9;
    private static final double MIB = 1 << 20;
    private static final int KIB_PER_MIB = 1024;

    private final Path file;
    private final Optional<Path> historyFile;
    private final Source source;
    private final BooleanSupplier isInPlace;
    private final int slots;
    private final Consumer<String> warnings;
    private final Thread thread;
    private final long start = System.nanoTime();
    private volatile Progress progress = new Progress(0, 0, 0);
    private volatile boolean written;
    private boolean warned;
    private long lastInterval;
    private State state = State.RUNNING;

    private enum State {
        RUNNING,
        /** The files of the run are complete: the last report is to be written. */
        FINISHED,
        /** Nothing is written any more. */
        CLOSED
    }

    /** What there is to report now. */
    @FunctionalInterface
    private interface Source {
        RunContents contents(RunHistory history, boolean isLast) throws IOException, JobException;
    }

    private LiveReport(
            Path file,
            Optional<Path> historyFile,
            Source source,
            BooleanSupplier isInPlace,
            int slots,
            Consumer<String> warnings) {
        this.file = file;
        this.historyFile = historyFile;
        this.source = source;
        this.isInPlace = isInPlace;
        this.slots = slots;
        this.warnings = warnings;
        this.thread = new Thread(this::run, "astropool-report");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Starts to write the reports of a run.
     *
     * @param isInPlace whether the directory still belongs to the run
     * @param slots the evaluation threads of the run
     * @param warnings receives at most one message
     */
    public static LiveReport ofRun(
            OutputDirectory directory, BooleanSupplier isInPlace, int slots, Consumer<String> warnings) {
        return new LiveReport(
                directory.report(),
                Optional.of(directory.history()),
                (history, isLast) -> RunReader.ofThisProcess(directory.path()).contents(),
                isInPlace,
                slots,
                warnings);
    }

    /**
     * Starts to write the reports of a pool that a script uses: it has workers, and no points.
     *
     * @param name of the script
     * @param warnings receives at most one message
     */
    public static LiveReport ofPool(
            Path file, String name, PoolActivity activity, int slots, Consumer<String> warnings) {
        PoolContents contents = new PoolContents(file, name, activity, Instant.now());
        return new LiveReport(file, Optional.empty(), contents::at, () -> true, slots, warnings);
    }

    @Override
    public void progress(Progress now) {
        progress = now;
    }

    /**
     * Writes the last report, when all other files of the run are complete.
     *
     * @return whether it was written
     */
    public boolean finish() throws InterruptedException {
        end(State.FINISHED);
        thread.join(PATIENCE_AT_THE_END.toMillis());
        if (thread.isAlive()) {
            warn("it takes too long");
        }
        return written && !thread.isAlive();
    }

    /** Ends the thread without another report. */
    @Override
    public void close() {
        end(State.CLOSED);
    }

    private synchronized void end(State next) {
        state = state == State.CLOSED ? State.CLOSED : next;
        notifyAll();
    }

    /** Returns the state after this time, or when it changes. */
    private synchronized State stateAfter(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; state == State.RUNNING && left > 0; left = end - System.nanoTime()) {
            Duration wait = Duration.ofNanos(left);
            wait(wait.toMillis(), wait.toNanosPart() % 1_000_000);
        }
        return state;
    }

    private void run() {
        try {
            RunHistory history = historyFile.map(RunHistory::read).orElseGet(() -> RunHistory.of(Optional.empty()));
            history.begin(Instant.now());
            long next = start + FIRST.toNanos();
            boolean first = true;
            while (stateAfter(Math.min(next - System.nanoTime(), SAMPLE_INTERVAL.toNanos())) == State.RUNNING) {
                history.add(sample());
                if (System.nanoTime() >= next) {
                    long interval = writeLive(history, first);
                    first = false;
                    next = System.nanoTime() + interval;
                }
            }
            if (stateAfter(0) == State.FINISHED) {
                history.add(sample());
                writeLast(history);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts it
        } catch (RuntimeException | Error e) { // too little memory, or a defect: the run matters more
            warn(String.valueOf(e));
        }
    }

    private Sample sample() {
        Runtime runtime = Runtime.getRuntime();
        Progress now = progress;
        return new Sample(
                (System.nanoTime() - start) * NANOS,
                now.done(),
                now.failed(),
                (runtime.totalMemory() - runtime.freeMemory()) / MIB,
                residentMib(),
                load());
    }

    private static double residentMib() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException | RuntimeException e) {
            return Double.NaN;
        }
    }

    /** Of the last minute. Read from the file, since the management beans of Java take long to load in a short run. */
    private static double load() {
        try {
            String text = Files.readString(Path.of("/proc/loadavg"));
            return Double.parseDouble(text.substring(0, text.indexOf(' ')));
        } catch (IOException | RuntimeException e) { // not Linux
            return Double.NaN;
        }
    }

    /** @return after how many nanoseconds it may be written again */
    private long writeLive(RunHistory history, boolean isFirst) {
        long begin = processorNanos();
        long shortest = SHORTEST_INTERVAL.toNanos();
        write(history, Math.max(shortest, lastInterval) * NANOS);
        long cost = processorNanos() - begin - (isFirst ? FIRST_OVERHEAD.toNanos() : 0);
        lastInterval = Math.max(shortest, (long) (SHARE / Math.max(1, slots) * cost));
        return lastInterval;
    }

    /** Of this thread. Read from the file for the same reason as {@link #load}. */
    private static long processorNanos() {
        try {
            String text = Files.readString(Path.of("/proc/thread-self/schedstat"));
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (IOException | RuntimeException e) { // not Linux
            return System.nanoTime();
        }
    }

    private void writeLast(RunHistory history) {
        write(history, 0);
    }

    private void write(RunHistory history, double nextSeconds) {
        if (!isInPlace.getAsBoolean()) {
            return; // the run says so itself
        }
        try {
            checkRoom();
            if (historyFile.isPresent()) {
                history.write(historyFile.get());
            }
            ReportPage.write(source.contents(history, nextSeconds == 0), file, nextSeconds);
            written = true;
        } catch (IOException | JobException e) {
            if (isInPlace.getAsBoolean()) {
                warn(String.valueOf(e.getMessage()));
            }
        } catch (RuntimeException e) { // a defect, which the next report may not meet
            warn(e.toString());
        }
    }

    /** What is left of a disk that is almost full belongs to the journal and the tables. */
    private void checkRoom() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        long free = folder == null ? Long.MAX_VALUE : Files.getFileStore(folder).getUsableSpace();
        if (free < LEAST_FREE_BYTES) {
            throw new IOException("its disk has less than " + (LEAST_FREE_BYTES >> 20) + " MiB left");
        }
    }

    private synchronized void warn(String why) {
        written = false;
        if (!warned) {
            warned = true;
            warnings.accept("the report " + file + " cannot be written, the run goes on: " + why);
        }
    }
}
