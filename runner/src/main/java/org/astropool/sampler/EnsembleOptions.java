package org.astropool.sampler;

import java.util.Objects;

/**
 * How an ensemble is sampled. Immutable; the methods with an argument give changed copies.
 *
 * @param walkers an even number, at least 4 and twice the number of parameters
 * @param seed of all random numbers
 * @param moves what the walkers do
 * @param start where they begin
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

    /** Stretch moves alone, starts from the prior. */
    public static EnsembleOptions of(int walkers, long seed) {
        return new EnsembleOptions(walkers, seed, new Moves(1, 0), new Start.FromPrior());
    }

    /** The same with other moves. */
    public EnsembleOptions moves(Moves other) {
        return new EnsembleOptions(walkers, seed, other, start);
    }

    /** The same with another start. */
    public EnsembleOptions start(Start other) {
        return new EnsembleOptions(walkers, seed, moves, other);
    }
}
