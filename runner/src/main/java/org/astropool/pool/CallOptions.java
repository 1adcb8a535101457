package org.astropool.pool;

import java.time.Duration;
import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** How the tasks of one call are to be evaluated. Immutable, and so thread-safe; a {@link Builder} makes it. */
public final class CallOptions {
    private static final CallOptions DEFAULTS = builder().build();

    private final Builder values;

    private CallOptions(Builder values) {
        this.values = values;
    }

    /**
     * Automatic chunks, no retries, no timeout, outcomes in order, a seed from the pool's seed and the call's number.
     */
    public static CallOptions defaults() {
        return DEFAULTS;
    }

    /** A builder with the {@link #defaults}. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder with these options, which do not change. */
    public Builder toBuilder() {
        return new Builder(values);
    }

    /** Tasks in a message; 0: automatic. */
    public int chunkSize() {
        return values.chunkSize;
    }

    /** Further attempts of a task that threw or timed out. */
    public int retries() {
        return values.retries;
    }

    /** How long one task may take; zero: without a limit. */
    public Duration timeout() {
        return values.timeout;
    }

    /** Whether a stream gives outcomes in the order of the inputs. */
    public boolean ordered() {
        return values.ordered;
    }

    /** The seed of the tasks' random streams; empty: derived from the pool's seed and the call's number. */
    public OptionalLong seed() {
        return values.seed;
    }

    /** Who hears how far the call is. */
    public ProgressListener progress() {
        return values.progress;
    }

    /** The expected cost of each task by its index. */
    public Optional<LongToDoubleFunction> costs() {
        return Optional.ofNullable(values.costs);
    }

    /** A copy of the indices of the tasks to evaluate; empty: all. */
    public Optional<BitSet> only() {
        return Optional.ofNullable(values.only).map(tasks -> (BitSet) tasks.clone());
    }

    /** What may end the call before its end. */
    public Optional<CancellationToken> cancellation() {
        return Optional.ofNullable(values.cancellation);
    }

    /** Where the outcomes are written. */
    public Optional<CallJournal> journal() {
        return Optional.ofNullable(values.journal);
    }

    /** Makes {@link CallOptions}. Not thread-safe. */
    public static final class Builder {
        private int chunkSize;
        private int retries;
        private Duration timeout = Duration.ZERO;
        private boolean ordered = true;
        private OptionalLong seed = OptionalLong.empty();
        private ProgressListener progress = progress -> {};
        private @Nullable LongToDoubleFunction costs;
        private @Nullable BitSet only;
        private @Nullable CancellationToken cancellation;
        private @Nullable CallJournal journal;

        private Builder() {}

        private Builder(Builder other) {
            chunkSize = other.chunkSize;
            retries = other.retries;
            timeout = other.timeout;
            ordered = other.ordered;
            seed = other.seed;
            progress = other.progress;
            costs = other.costs;
            only = other.only;
            cancellation = other.cancellation;
            journal = other.journal;
        }

        /** The options as they are now; this builder may go on. */
        public CallOptions build() {
            return new CallOptions(new Builder(this));
        }

        /**
         * Tasks in a message; default 0: decided by measured durations. A chunk is rounded up to whole batches.
         *
         * @throws IllegalArgumentException below 0
         */
        public Builder chunkSize(int tasks) {
            if (tasks < 0) {
                throw new IllegalArgumentException("chunk size " + tasks + " is below 0 (0: automatic)");
            }
            chunkSize = tasks;
            return this;
        }

        /**
         * Further attempts of a task that threw or timed out; default 0. The loss of a worker does not count as an
         * attempt.
         *
         * @throws IllegalArgumentException below 0
         */
        public Builder retries(int furtherAttempts) {
            if (furtherAttempts < 0) {
                throw new IllegalArgumentException("retries " + furtherAttempts + " is below 0");
            }
            retries = furtherAttempts;
            return this;
        }

        /**
         * How long one task may take; default zero: without a limit. A thread that takes longer is interrupted, and
         * abandoned if that has no effect.
         *
         * @throws IllegalArgumentException when it is negative
         */
        public Builder timeout(Duration limit) {
            if (limit.isNegative()) {
                throw new IllegalArgumentException("timeout " + limit + " is negative");
            }
            timeout = limit;
            return this;
        }

        /** Whether a stream gives outcomes in the order of the inputs (the default) or as they are completed. */
        public Builder ordered(boolean inOrder) {
            ordered = inOrder;
            return this;
        }

        /** The seed of the tasks' random streams, instead of one derived from the pool's. */
        public Builder seed(long value) {
            seed = OptionalLong.of(value);
            return this;
        }

        /** Who hears how far the call is. */
        public Builder progress(ProgressListener listener) {
            progress = Objects.requireNonNull(listener);
            return this;
        }

        /**
         * The expected cost of each task by its index, in any unit: the longest are evaluated first. Those that take
         * less than a thousandth of what a slot has to do come after them, in the order of their indices. The whole
         * input is read before the first task starts.
         *
         * @param costOfTask finite, or the call is refused with an IllegalArgumentException; asked by the calling
         *     thread
         */
        public Builder costs(LongToDoubleFunction costOfTask) {
            costs = Objects.requireNonNull(costOfTask);
            return this;
        }

        /**
         * Evaluates these tasks alone, each with its whole batch; for {@link Pool#batches}, with outcomes that are not
         * ordered.
         *
         * @param tasks indices; copied
         */
        public Builder only(BitSet tasks) {
            only = (BitSet) tasks.clone();
            return this;
        }

        /** Lets the caller end the call early: its stream of outcomes then ends. */
        public Builder cancellation(CancellationToken token) {
            cancellation = Objects.requireNonNull(token);
            return this;
        }

        /**
         * Writes every final outcome to a journal as it arrives, whether or not somebody takes it. The call fails when
         * the journal does.
         *
         * @param to a journal of {@link CallJournal#open}
         */
        public Builder journal(CallJournal to) {
            journal = Objects.requireNonNull(to);
            return this;
        }
    }
}
