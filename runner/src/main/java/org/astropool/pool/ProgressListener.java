package org.astropool.pool;

/**
 * Hears how far a call is, on the thread that takes its results: after results came in, and at least every 0.1 s. Where
 * several threads take results, it is called by one at a time.
 */
@FunctionalInterface
public interface ProgressListener {

    void progress(Progress progress);

    /**
     * How far a call is.
     *
     * @param done tasks with an outcome, failed and skipped ones included
     * @param failed tasks that failed
     * @param total number of tasks, or -1 when it is not known
     */
    record Progress(long done, long failed, long total) {}
}
