package org.astropool.maximizer;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a maximum is searched for. Immutable; the methods with an argument give changed copies.
 *
 * @param starts how many searches, each from another start; at least 1
 * @param seed of the starts
 * @param target what is maximized
 * @param evaluationLimit evaluations of one search, at most; at least 1
 * @param positions of the starts, shape starts x parameters, copied; null draws them from the prior
 */
public record MaximizerOptions(
        int starts, long seed, Target target, int evaluationLimit, double @Nullable [][] positions) {
    /** Enough for ten parameters with room to spare. */
    public static final int DEFAULT_EVALUATION_LIMIT = 20_000;

    /** What is maximized. */
    public enum Target {
        /** The likelihood, within the ranges of the priors. */
        LOG_LIKELIHOOD,
        /** Likelihood times prior. */
        LOG_POSTERIOR
    }

    /** @throws IllegalArgumentException when a number is below 1, or the positions are not as many as the starts */
    public MaximizerOptions {
        Objects.requireNonNull(target);
        if (starts < 1 || evaluationLimit < 1) {
            throw new IllegalArgumentException("a maximum is searched for from " + starts + " starts with at most "
                    + evaluationLimit + " evaluations each; both must be at least 1");
        }
        if (positions != null) {
            if (positions.length != starts) {
                throw new IllegalArgumentException(positions.length + " positions are given for " + starts + " starts");
            }
            positions = Arrays.stream(positions).map(double[]::clone).toArray(double[][]::new);
        }
    }

    /** Starts from the prior. */
    public static MaximizerOptions of(int starts, long seed, Target target) {
        return new MaximizerOptions(starts, seed, target, DEFAULT_EVALUATION_LIMIT, null);
    }

    /** The same from given positions, one for each start. */
    public MaximizerOptions positions(double[][] given) {
        return new MaximizerOptions(given.length, seed, target, evaluationLimit, given);
    }

    /** The same with another limit. */
    public MaximizerOptions evaluationLimit(int other) {
        return new MaximizerOptions(starts, seed, target, other, positions);
    }
}
