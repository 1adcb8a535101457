package org.astropool.internal.job.run;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.astropool.pool.CancellationToken;

/** Ends a run before its end, and remembers why. Thread-safe: signals and timers come on threads of their own. */
public final class RunCancellation {
    private final CancellationToken request = new CancellationToken();
    private final AtomicReference<Termination> why = new AtomicReference<>();
    private volatile String limit = "";

    /** Nothing more is begun; what is being evaluated is awaited, until {@link #abandon}. The first reason counts. */
    public void end(Termination reason) {
        why.compareAndSet(null, reason);
        request.drain();
    }

    /**
     * Nothing is begun that should not be over within this time.
     *
     * @param description for people: which limit this is
     */
    public void endWithin(Duration fromNow, String description) {
        limit = description;
        request.drainWithin(fromNow);
    }

    /** What is being evaluated is not awaited any more. */
    public void abandon() {
        request.abandon();
    }

    /** Why the run has to end; empty as long as nothing has happened. */
    public Optional<Termination> why() {
        return Optional.ofNullable(why.get());
    }

    CancellationToken request() {
        return request;
    }

    /** What it was when points are left over although nothing went wrong. */
    Termination whyIncomplete() {
        return why().orElseGet(() -> new Termination(
                Termination.Cause.TIME_LIMIT,
                "the points that are left would not have ended within " + (limit.isEmpty() ? "the time" : limit)));
    }
}
