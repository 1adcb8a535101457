package org.astropool.internal.job.run;

import java.time.Duration;
import java.util.function.LongToDoubleFunction;
import org.astropool.internal.engine.EngineJournal;
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
        CallOptions.Builder options = CallOptions.builder()
                .ordered(false)
                .retries(settings.retries())
                .seed(seed)
                .progress(call -> progress.progress(
                        new Progress(before.done() + call.done(), before.failed() + call.failed(), before.total())))
                .timeout(settings.timeout().orElse(Duration.ZERO))
                .cancellation(stop.request());
        if (journal != null) {
            options.journal(EngineJournal.of(journal));
        }
        if (costs != null) {
            options.costs(costs);
        }
        return options.build();
    }
}
