package org.astropool.internal.activity;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a pool did from one start of a run until now, or until its end.
 *
 * @param started when the process of the master started
 * @param wallSeconds since then
 * @param ended whether the run has ended, so that nothing will be added
 * @param host of the master
 * @param binSeconds the width of the bins of the time lines
 * @param workers by their numbers, also those that were lost or have left
 * @param journalSeconds how long the disk took for the journal; 0 where there is none
 */
public record ActivitySnapshot(
        Instant started,
        double wallSeconds,
        boolean ended,
        String host,
        double binSeconds,
        List<WorkerActivity> workers,
        Ledger ledger,
        double journalSeconds) {

    ActivitySnapshot(
            Instant started,
            double wallSeconds,
            boolean ended,
            String host,
            double binSeconds,
            List<WorkerActivity> workers,
            Ledger ledger) {
        this(started, wallSeconds, ended, host, binSeconds, workers, ledger, 0);
    }

    /** The same, with the time that the disk took. */
    public ActivitySnapshot withJournal(double seconds) {
        return new ActivitySnapshot(started, wallSeconds, ended, host, binSeconds, workers, ledger, seconds);
    }

    /**
     * The same, with cores that were kept for longer: to end, or in vain if the run was killed.
     *
     * @param seconds the new {@link #wallSeconds}
     */
    public ActivitySnapshot until(double seconds, int cores) {
        double more = Math.max(0, seconds - wallSeconds) * cores;
        Ledger rest = Ledger.of(more, Map.of(ended ? "results" : "lost", more));
        return new ActivitySnapshot(
                started, seconds, ended, host, binSeconds, workers, ledger.plus(rest), journalSeconds);
    }
}
