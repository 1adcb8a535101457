package org.astropool.pool;

import java.time.Duration;
import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The options for the evaluation of the tasks of one call. Immutable and thread-safe; created by a {@link Builder}. */
public final class CallOptions {
    private static final ProgressListener NO_LISTENER = progress -> {};
    private static final CallOptions DEFAULTS = builder().build();

    private final Builder values;

    private CallOptions(Builder values) {
        this.values = values;
    }

    /**
     * The default options: automatic chunks, no retries, no timeout, ordered outcomes, a seed derived from the pool's
     * seed and the call's number.
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

    /** The number of tasks per message; 0: automatic. */
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

    /** Whether a stream returns outcomes in the order of the inputs. */
    public boolean ordered() {
        return values.ordered;
    }

    /** The seed of the tasks' random streams; empty: derived from the pool's seed and the call's number. */
    public OptionalLong seed() {
        return values.seed;
    }

    /** The listener for the progress of the call. */
    public ProgressListener progress() {
        return values.progress;
    }

    /** Whether a listener for the progress was set. */
    public boolean hasProgress() {
        return values.progress != NO_LISTENER;
    }

    /** The expected cost of each task by its index. */
    public Optional<LongToDoubleFunction> costs() {
        return Optional.ofNullable(values.costs);
    }

    /** A copy of the indices of the tasks to evaluate; empty: all. */
    public Optional<BitSet> only() {
        return Optional.ofNullable(values.only).map(tasks -> (BitSet) tasks.clone());
    }

    /** The token that can end the call early. */
    public Optional<CancellationToken> cancellation() {
        return Optional.ofNullable(values.cancellation);
    }

    /** The journal to which the outcomes are written. */
    public Optional<CallJournal> journal() {
        return Optional.ofNullable(values.journal);
    }

    /** Creates {@link CallOptions}. Not thread-safe. */
    public static final class Builder {
        private int chunkSize;
        private int retries;
        private Duration timeout = Duration.ZERO;
        private boolean ordered = true;
        private OptionalLong seed = OptionalLong.empty();
        private ProgressListener progress = NO_LISTENER;
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

        /** Returns the current options; this builder can still be used. */
        public CallOptions build() {
            return new CallOptions(new Builder(this));
        }

        /**
         * The number of tasks per message; default 0: derived from measured durations. A chunk is rounded up to whole
         * batches.
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

        /** Whether a stream returns outcomes in the order of the inputs (the default) or as they are completed. */
        public Builder ordered(boolean inOrder) {
            ordered = inOrder;
            return this;
        }

        /** The seed of the tasks' random streams, instead of one derived from the pool's. */
        public Builder seed(long value) {
            seed = OptionalLong.of(value);
            return this;
        }

        /** The listener for the progress of the call. */
        public Builder progress(ProgressListener listener) {
            progress = Objects.requireNonNull(listener);
            return this;
        }

        /**
         * The expected cost of each task by its index, in any unit: the longest are evaluated first. Tasks that cost
         * less than a thousandth of the work of a slot come after them, in the order of their indices. The whole input
         * is read before the first task starts.
         *
         * @param costOfTask finite, else the call fails with an IllegalArgumentException; called by the calling thread
         */
        public Builder costs(LongToDoubleFunction costOfTask) {
            costs = Objects.requireNonNull(costOfTask);
            return this;
        }

        /**
         * Evaluates only these tasks, each with its whole batch; for {@link Pool#batches} with unordered outcomes.
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
         * Writes every final outcome to a journal as it arrives, even if it is not taken from the stream. The call
         * fails when the journal does.
         *
         * @param to a journal from {@link CallJournal#open}
         */
        public Builder journal(CallJournal to) {
            journal = Objects.requireNonNull(to);
            return this;
        }
    }
}
