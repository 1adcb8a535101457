package org.astropool.maximizer;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * How a maximum is searched for. Immutable.
 *
 * @param starts the number of searches, each from another start; at least 1
 * @param seed the seed of the starts
 * @param target what is maximized
 * @param evaluationLimit evaluations of one search, at most; at least 1
 * @param positions of the starts, shape starts x parameters, copied; empty: drawn from the prior
 */
public record MaximizerOptions(
        int starts, long seed, Target target, int evaluationLimit, Optional<double[][]> positions) {
    /** More than enough for ten parameters. */
    public static final int DEFAULT_EVALUATION_LIMIT = 20_000;

    /** What is maximized. */
    public enum Target {
        /** The likelihood, within the ranges of the priors. */
        LOG_LIKELIHOOD,
        /** Likelihood times prior. */
        LOG_POSTERIOR
    }

    /**
     * @throws IllegalArgumentException when a number is below 1, or the number of positions is not that of the starts
     */
    public MaximizerOptions {
        Objects.requireNonNull(target);
        if (starts < 1 || evaluationLimit < 1) {
            throw new IllegalArgumentException("a maximum is searched for from " + starts + " starts with at most "
                    + evaluationLimit + " evaluations each; both must be at least 1");
        }
        int given = positions.map(all -> all.length).orElse(starts);
        if (given != starts) {
            throw new IllegalArgumentException(given + " positions are given for " + starts + " starts");
        }
        positions = positions.map(all -> Arrays.stream(all).map(double[]::clone).toArray(double[][]::new));
    }

    /** Starts from the prior. */
    public static MaximizerOptions of(int starts, long seed, Target target) {
        return new MaximizerOptions(starts, seed, target, DEFAULT_EVALUATION_LIMIT, Optional.empty());
    }

    /** A builder with starts from the prior and the {@link #DEFAULT_EVALUATION_LIMIT}. */
    public static Builder builder(int starts, long seed, Target target) {
        return new Builder(starts, seed, target);
    }

    /** Creates {@link MaximizerOptions}. Not thread-safe. */
    public static final class Builder {
        private int starts;
        private final long seed;
        private final Target target;
        private int evaluationLimit = DEFAULT_EVALUATION_LIMIT;
        private Optional<double[][]> positions = Optional.empty();

        private Builder(int starts, long seed, Target target) {
            this.starts = starts;
            this.seed = seed;
            this.target = target;
        }

        /** Evaluations of one search, at most. */
        public Builder evaluationLimit(int limit) {
            evaluationLimit = limit;
            return this;
        }

        /** Starts from given positions, shape starts x parameters, one for each start. */
        public Builder positions(double[][] given) {
            starts = given.length;
            positions = Optional.of(given);
            return this;
        }

        /** @throws IllegalArgumentException when a number is below 1 */
        public MaximizerOptions build() {
            return new MaximizerOptions(starts, seed, target, evaluationLimit, positions);
        }
    }
}
