package org.astropool.internal.job.run;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.activity.Ledger;
import org.astropool.internal.activity.PoolActivity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps activity.json up to date during a run, by a thread of its own, so that it survives any end of the run. A file
 * that cannot be written is no reason to end the run. Thread-safe.
 */
final class ActivityLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ActivityLog.class);
    private static final long SHORTEST_MILLIS = 2_000;
    /** Writing takes at most this part of the time of one core. */
    private static final int WRITING_SHARE = 100;

    private static final double NANOS_PER_MILLI = 1e6;

    private final OutputDirectory directory;
    private final PoolActivity activity;
    private final Instant started;
    private final List<ActivitySnapshot> earlier;
    private final DoubleSupplier journalSeconds;
    private final Thread writer;
    private boolean failed;
    private boolean ended;

    /**
     * Begins to write.
     *
     * @param started when the run started
     * @param earlier what the file said before
     * @param journalSeconds how long the disk has taken for the journal
     */
    ActivityLog(
            OutputDirectory directory,
            PoolActivity activity,
            Instant started,
            List<ActivitySnapshot> earlier,
            DoubleSupplier journalSeconds) {
        this.directory = directory;
        this.activity = activity;
        this.started = started;
        this.earlier = earlier;
        this.journalSeconds = journalSeconds;
        this.writer = new Thread(this::writeRepeatedly, "astropool-activity");
        writer.setDaemon(true);
        writer.start();
    }

    private void writeRepeatedly() {
        try {
            long pause = SHORTEST_MILLIS;
            while (true) {
                Thread.sleep(pause);
                long before = System.nanoTime();
                write(false);
                double millis = (System.nanoTime() - before) / NANOS_PER_MILLI;
                pause = Math.max(SHORTEST_MILLIS, (long) (millis * WRITING_SHARE));
            }
        } catch (InterruptedException e) {
            // the run has ended
        }
    }

    private synchronized Optional<Ledger> write(boolean last) {
        if (ended) {
            return Optional.empty();
        }
        ended = last;
        List<ActivitySnapshot> starts = new ArrayList<>(earlier);
        starts.add(activity.snapshot(started, last).withJournal(journalSeconds.getAsDouble()));
        try {
            ActivityFile.write(directory, starts);
        } catch (IOException e) {
            if (!failed) {
                LOG.warn("the record of what the workers do cannot be written: {}", e.getMessage());
            }
            failed = true;
        }
        return Optional.of(ActivityFile.total(starts));
    }

    /**
     * The run has ended: writes the last state.
     *
     * @return the core-seconds of all starts; empty when the log was closed before
     */
    Optional<Ledger> end() {
        writer.interrupt();
        return write(true);
    }

    /** Stops writing. Idempotent. */
    @Override
    public void close() {
        writer.interrupt();
        synchronized (this) {
            ended = true;
        }
    }
}
