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
 * What controls and observes a run.
 *
 * @param stop ends it early
 * @param journal receives every outcome as it arrives, or null
 * @param costs the expected cost of each point, by which the longest are started first; or null
 */
record RunControls(
        RunSettings settings,
        RunCancellation stop,
        @Nullable Journal journal,
        ProgressListener progress,
        @Nullable LongToDoubleFunction costs) {

    /**
     * The options of a call of a pool.
     *
     * @param before the progress at the beginning, with the total
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
