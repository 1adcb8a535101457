package org.astropool.internal.job.run;

import java.util.function.LongToDoubleFunction;
import org.astropool.internal.job.config.Job.RunSettings;
import org.astropool.internal.journal.Journal;
import org.astropool.pool.CallOptions;
import org.astropool.pool.ProgressListener;
import org.astropool.pool.ProgressListener.Progress;
import org.jspecify.annotations.Nullable;

/**
 * What steers and watches a run.
 *
 * @param stop ends it before its end
 * @param journal takes every outcome as it arrives, or null
 * @param costs what each point is expected to cost: the longest are begun first; or null
 */
record RunControls(
        RunSettings settings,
        RunCancellation stop,
        @Nullable Journal journal,
        ProgressListener progress,
        @Nullable LongToDoubleFunction costs) {

    /**
     * The same for a call of a pool.
     *
     * @param before what is done already: progress counts from there, and has this total
     */
    CallOptions callOptions(long seed, Progress before) {
        progress.progress(before);
        CallOptions options = CallOptions.defaults()
                .ordered(false)
                .retries(settings.retries())
                .seed(seed)
                .progress(call -> progress.progress(
                        new Progress(before.done() + call.done(), before.failed() + call.failed(), before.total())))
                .stop(stop.request());
        if (settings.timeout().isPresent()) {
            options = options.timeout(settings.timeout().get());
        }
        if (journal != null) {
            options = options.journal(journal);
        }
        return costs == null ? options : options.costs(costs);
    }
}
