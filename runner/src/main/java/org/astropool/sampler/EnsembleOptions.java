package org.astropool.sampler;

import java.util.Objects;

/**
 * How an ensemble is sampled. Immutable.
 *
 * @param walkers an even number, at least 4 and twice the number of parameters
 * @param seed the seed of all random numbers
 * @param moves the moves of the walkers
 * @param start the start of the walkers
 */
public record EnsembleOptions(int walkers, long seed, Moves moves, Start start) {
    /** @throws IllegalArgumentException when the number of walkers is odd or below 4 */
    public EnsembleOptions {
        Objects.requireNonNull(moves);
        Objects.requireNonNull(start);
        if (walkers < 4 || walkers % 2 != 0) {
            throw new IllegalArgumentException(
                    "walkers is " + walkers + "; it must be even, since they move in two halves, and at least 4");
        }
    }

    /** Stretch moves only, starts from the prior. */
    public static EnsembleOptions of(int walkers, long seed) {
        return new EnsembleOptions(walkers, seed, new Moves(1, 0), new Start.FromPrior());
    }

    /** A builder with stretch moves alone, and starts from the prior. */
    public static Builder builder(int walkers, long seed) {
        return new Builder(walkers, seed);
    }

    /** Creates {@link EnsembleOptions}. Not thread-safe. */
    public static final class Builder {
        private final int walkers;
        private final long seed;
        private Moves moves = new Moves(1, 0);
        private Start start = new Start.FromPrior();

        private Builder(int walkers, long seed) {
            this.walkers = walkers;
            this.seed = seed;
        }

        /** How often each move is made; default: stretch moves alone. */
        public Builder moves(Moves weights) {
            moves = Objects.requireNonNull(weights);
            return this;
        }

        /** Where the walkers begin; default: positions drawn from the prior. */
        public Builder start(Start where) {
            start = Objects.requireNonNull(where);
            return this;
        }

        /** @throws IllegalArgumentException when the number of walkers is odd or below 4 */
        public EnsembleOptions build() {
            return new EnsembleOptions(walkers, seed, moves, start);
        }
    }
}
