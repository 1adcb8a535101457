package org.astropool.pool;

import java.time.Duration;
import java.util.BitSet;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongToDoubleFunction;
import org.astropool.internal.journal.Journal;
import org.jspecify.annotations.Nullable;

/** How one call is to be evaluated. Immutable; the methods give changed copies. */
public final class CallOptions {
    private static final CallOptions DEFAULTS = new CallOptions();

    private int chunkSize;
    private int retries;
    private Duration timeout = Duration.ZERO;
    private boolean ordered = true;
    private @Nullable Long seed;
    private ProgressListener progress = progress -> {};
    private @Nullable LongToDoubleFunction costs;
    private @Nullable BitSet only;
    private @Nullable CancellationToken stop;
    private @Nullable Journal journal;

    private CallOptions() {}

    private CallOptions(CallOptions other) {
        chunkSize = other.chunkSize;
        retries = other.retries;
        timeout = other.timeout;
        ordered = other.ordered;
        seed = other.seed;
        progress = other.progress;
        costs = other.costs;
        only = other.only;
        stop = other.stop;
        journal = other.journal;
    }

    private CallOptions with(Consumer<CallOptions> change) {
        CallOptions copy = new CallOptions(this);
        change.accept(copy);
        return copy;
    }

    /**
     * Automatic chunks, no retries, no timeout, outcomes in order, a seed from the pool's seed and the call's number.
     */
    public static CallOptions defaults() {
        return DEFAULTS;
    }

    /** Tasks a message; 0 lets measured durations decide. A chunk is rounded up to whole batches. */
    public CallOptions chunkSize(int tasks) {
        if (tasks < 0) {
            throw new IllegalArgumentException("chunk size " + tasks + " is below 0 (0: automatic)");
        }
        return with(copy -> copy.chunkSize = tasks);
    }

    /** Further attempts of a task that threw or timed out; default 0. A lost worker is not held against a task. */
    public CallOptions retries(int furtherAttempts) {
        if (furtherAttempts < 0) {
            throw new IllegalArgumentException("retries " + furtherAttempts + " is below 0");
        }
        return with(copy -> copy.retries = furtherAttempts);
    }

    /** How long one task may take; zero for ever. A thread that hangs longer is interrupted, then abandoned. */
    public CallOptions timeout(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("timeout " + limit + " is negative");
        }
        return with(copy -> copy.timeout = limit);
    }

    /** Whether a stream gives outcomes in the order of the inputs (the default) or as they are completed. */
    public CallOptions ordered(boolean inOrder) {
        return with(copy -> copy.ordered = inOrder);
    }

    /** The seed of the tasks' random streams, instead of one derived from the pool's. */
    public CallOptions seed(long value) {
        return with(copy -> copy.seed = value);
    }

    /** Who hears how far the call is. */
    public CallOptions progress(ProgressListener listener) {
        Objects.requireNonNull(listener);
        return with(copy -> copy.progress = listener);
    }

    /**
     * The expected cost of each task by its index, in any unit: the longest are evaluated first. Those that take less
     * than a thousandth of what a slot has to do come after them, as they are numbered. The whole input is read before
     * the first task starts.
     *
     * @param costOfTask finite, or the call is refused with an IllegalArgumentException; asked by the calling thread
     */
    public CallOptions costs(LongToDoubleFunction costOfTask) {
        Objects.requireNonNull(costOfTask);
        return with(copy -> copy.costs = costOfTask);
    }

    /**
     * Evaluates these tasks alone, each with its whole batch; for {@link Pool#batches}, with outcomes that are not
     * ordered.
     *
     * @param tasks indices; copied
     */
    public CallOptions only(BitSet tasks) {
        BitSet wanted = (BitSet) tasks.clone();
        return with(copy -> copy.only = wanted);
    }

    /** Lets the caller end the call before its end: its outcomes then simply end. */
    public CallOptions stop(CancellationToken request) {
        Objects.requireNonNull(request);
        return with(copy -> copy.stop = request);
    }

    /**
     * Writes every final outcome to a journal as it arrives, whether or not somebody takes it;
     * {@link JournalledOutcomes} reads it again. The call fails when the journal does.
     */
    public CallOptions journal(Journal to) {
        Objects.requireNonNull(to);
        return with(copy -> copy.journal = to);
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

    @Nullable
    BitSet only() {
        return only;
    }

    @Nullable
    CancellationToken stop() {
        return stop;
    }

    @Nullable
    Journal journal() {
        return journal;
    }
}
