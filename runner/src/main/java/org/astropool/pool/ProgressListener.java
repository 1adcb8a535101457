package org.astropool.pool;

/**
 * Receives the progress of a call, on the thread that takes its results: after results have arrived, and at least every
 * 0.1 s. If several threads take results, calls are not concurrent.
 */
@FunctionalInterface
public interface ProgressListener {

    void progress(Progress progress);

    /**
     * The progress of a call.
     *
     * @param done tasks with an outcome, including failed and skipped tasks
     * @param failed tasks that failed
     * @param total number of tasks, or -1 when it is not known
     */
    record Progress(long done, long failed, long total) {}
}
