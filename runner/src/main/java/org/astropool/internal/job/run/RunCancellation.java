package org.astropool.internal.job.run;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.astropool.pool.CancellationToken;

/** Ends a run early, and stores the reason. Thread-safe, since signals and timers have their own threads. */
public final class RunCancellation {
    private final CancellationToken request = new CancellationToken();
    private final AtomicReference<Termination> why = new AtomicReference<>();
    private volatile String limit = "";

    /**
     * Starts no more points, and waits for those that are being evaluated until {@link #abandon}. The first reason is
     * kept, apart from the end of a pilot, after which a signal may end the wait for its last points.
     */
    public void end(Termination reason) {
        why.updateAndGet(first -> first == null || first.cause() == Termination.Cause.PILOT ? reason : first);
        request.drain();
    }

    /**
     * Starts no more points that are expected to take longer than this time.
     *
     * @param description a text for messages that names the limit
     */
    public void endWithin(Duration fromNow, String description) {
        limit = description;
        request.drainWithin(fromNow);
    }

    /** Does not wait any longer for points that are being evaluated. */
    public void abandon() {
        request.abandon();
    }

    /** Why the run has to end; empty while it does not. */
    public Optional<Termination> why() {
        return Optional.ofNullable(why.get());
    }

    CancellationToken request() {
        return request;
    }

    /** The reason why points are left although nothing failed. */
    Termination whyIncomplete() {
        return why().orElseGet(() -> new Termination(
                Termination.Cause.TIME_LIMIT,
                "the remaining points would not have finished within " + (limit.isEmpty() ? "the time" : limit)));
    }
}
