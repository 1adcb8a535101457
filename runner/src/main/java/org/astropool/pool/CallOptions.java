package org.astropool.pool;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** How one call is to be evaluated. Immutable; the methods give changed copies. */
public final class CallOptions {
    private static final CallOptions DEFAULTS = new CallOptions(0, 0, Duration.ZERO, true, null, progress -> {}, null);

    private final int chunkSize;
    private final int retries;
    private final Duration timeout;
    private final boolean ordered;
    private final @Nullable Long seed;
    private final ProgressListener progress;
    private final @Nullable LongToDoubleFunction costs;

    private CallOptions(
            int chunkSize,
            int retries,
            Duration timeout,
            boolean ordered,
            @Nullable Long seed,
            ProgressListener progress,
            @Nullable LongToDoubleFunction costs) {
        this.chunkSize = chunkSize;
        this.retries = retries;
        this.timeout = timeout;
        this.ordered = ordered;
        this.seed = seed;
        this.progress = progress;
        this.costs = costs;
    }

    /** Automatic chunks, no retries, no timeout, outcomes in order, a seed from the pool's seed and the call's number. */
    public static CallOptions defaults() {
        return DEFAULTS;
    }

    /** Tasks a message; 0 lets measured durations decide. A chunk is rounded up to whole batches. */
    public CallOptions chunkSize(int tasks) {
        if (tasks < 0) {
            throw new IllegalArgumentException("chunk size " + tasks + " is below 0 (0: automatic)");
        }
        return new CallOptions(tasks, retries, timeout, ordered, seed, progress, costs);
    }

    /** Further attempts of a task that threw or timed out; default 0. A lost worker is not held against a task. */
    public CallOptions retries(int furtherAttempts) {
        if (furtherAttempts < 0) {
            throw new IllegalArgumentException("retries " + furtherAttempts + " is below 0");
        }
        return new CallOptions(chunkSize, furtherAttempts, timeout, ordered, seed, progress, costs);
    }

    /** How long one task may take; zero for ever. A thread that hangs longer is interrupted, then abandoned. */
    public CallOptions timeout(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("timeout " + limit + " is negative");
        }
        return new CallOptions(chunkSize, retries, limit, ordered, seed, progress, costs);
    }

    /** Whether a stream gives outcomes in the order of the inputs (the default) or as they are completed. */
    public CallOptions ordered(boolean inOrder) {
        return new CallOptions(chunkSize, retries, timeout, inOrder, seed, progress, costs);
    }

    /** The seed of the tasks' random streams, instead of one derived from the pool's. */
    public CallOptions seed(long value) {
        return new CallOptions(chunkSize, retries, timeout, ordered, value, progress, costs);
    }

    /** Who hears how far the call is. */
    public CallOptions progress(ProgressListener listener) {
        return new CallOptions(chunkSize, retries, timeout, ordered, seed, Objects.requireNonNull(listener), costs);
    }

    /**
     * The expected cost of each task by its index, in any unit: the longest are evaluated first, one task (or batch) a
     * message. The whole input is read before the first task starts.
     */
    public CallOptions costs(LongToDoubleFunction costOfTask) {
        return new CallOptions(
                chunkSize, retries, timeout, ordered, seed, progress, Objects.requireNonNull(costOfTask));
    }

    int chunkSize() {
        return chunkSize;
    }

    int retries() {
        return retries;
    }

    Duration timeout() {
        return timeout;
    }

    boolean ordered() {
        return ordered;
    }

    @Nullable
    Long seed() {
        return seed;
    }

    ProgressListener progress() {
        return progress;
    }

    @Nullable
    LongToDoubleFunction costs() {
        return costs;
    }
}
