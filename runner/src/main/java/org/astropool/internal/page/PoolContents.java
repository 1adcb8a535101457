package org.astropool.internal.page;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.activity.PoolActivity;
import org.astropool.internal.activity.WorkerActivity;
import org.astropool.internal.job.run.RunContents;
import org.astropool.internal.job.run.RunStatus;
import org.astropool.internal.json.StrictJson;

/**
 * The pool of a script, as far as it can be shown like a run.
 *
 * @param file the report
 * @param name of the script
 * @param started when the pool was opened
 */
record PoolContents(Path file, String name, PoolActivity activity, Instant started) {

    RunContents at(RunHistory history, boolean isLast) {
        ActivitySnapshot now = activity.snapshot(started, isLast);
        long done = now.workers().stream().mapToLong(WorkerActivity::evaluated).sum();
        RunStatus status = new RunStatus(
                Optional.ofNullable(file.getParent()).orElse(file),
                name,
                "",
                RunStatus.UNKNOWN,
                done,
                0,
                0,
                Map.of(),
                isLast ? Optional.of(new RunStatus.End(true, "", 0)) : Optional.empty(),
                Optional.empty(),
                now.wallSeconds() > 0
                        ? Optional.of(new RunStatus.Pace(done / now.wallSeconds(), Double.NaN, Instant.now()))
                        : Optional.empty(),
                List.of(),
                Optional.empty());
        return new RunContents(
                status,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                Optional.of(started),
                Optional.empty(),
                Optional.empty(),
                List.of(now),
                Optional.of(StrictJson.object(history.json())));
    }
}
