package org.astropool.sampler;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.astropool.task.RandomStreams;

/**
 * Finds a start with a finite log-posterior for each walker. Starts that were drawn are drawn again if necessary; given
 * ones must be valid. The first round evaluates all walkers, and further rounds those that need another draw.
 */
final class WalkerStarts {
    static final int MAX_ROUNDS = 100;
    private static final int MAX_DRAWS_OUTSIDE_PRIOR = 10_000;

    private final JointPrior prior;
    private final PointEvaluator evaluator;
    private final EnsembleOptions options;
    private final double[][] positions;
    private final double[] logPosteriors;
    private final double[] logLikelihoods;
    private final long[] evaluations;
    private int rounds;
    private long evaluated;
    private long failed;

    WalkerStarts(JointPrior prior, PointEvaluator evaluator, EnsembleOptions options) {
        this.prior = prior;
        this.evaluator = evaluator;
        this.options = options;
        positions = new double[options.walkers()][];
        logPosteriors = new double[options.walkers()];
        logLikelihoods = new double[options.walkers()];
        evaluations = new long[options.walkers()];
    }

    /** @throws IllegalArgumentException when the start does not fit the prior or the number of walkers */
    static void check(JointPrior prior, EnsembleOptions options) {
        Start start = options.start();
        if (start instanceof Start.Around around) {
            prior.checkLength("the center of the starts", around.center());
            prior.checkLength("the spread of the starts", around.spread());
            if (!(prior.logDensity(around.center()) > Double.NEGATIVE_INFINITY)) {
                throw new IllegalArgumentException("the center of the starts has no prior probability: "
                        + prior.outside(around.center()) + "; give a center inside the prior");
            }
            WalkerStarts starts = new WalkerStarts(prior, (numbers, points) -> new double[numbers.length], options);
            try {
                for (int walker = 0; walker < options.walkers(); walker++) {
                    starts.draw(walker, starts.random(walker));
                }
            } catch (SamplerException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        } else if (start instanceof Start.At at) {
            if (at.positions().length != options.walkers()) {
                throw new IllegalArgumentException(at.positions().length + " start positions are given for "
                        + options.walkers() + " walkers; give one for each");
            }
            for (int walker = 0; walker < at.positions().length; walker++) {
                double[] position = at.positions()[walker];
                prior.checkLength("the start of walker " + walker, position);
                if (!(prior.logDensity(position) > Double.NEGATIVE_INFINITY)) {
                    throw new IllegalArgumentException("the start of walker " + walker + " has no prior probability: "
                            + prior.outside(position) + "; give another");
                }
            }
            DegenerateStarts.refuse(prior, at.positions());
        }
    }

    /** The number of rounds, at least 1 after {@link #find}. */
    int rounds() {
        return rounds;
    }

    long evaluated() {
        return evaluated;
    }

    long failed() {
        return failed;
    }

    Ensemble find() {
        int walkers = options.walkers();
        int[] pending = IntStream.range(0, walkers).toArray();
        while (pending.length > 0) {
            refuseTooManyRounds(pending);
            pending = evaluate(pending);
            rounds++;
        }
        return new Ensemble(0, positions, logPosteriors, logLikelihoods, evaluations, new boolean[walkers]);
    }

    /** Draws and evaluates starts of some walkers; returns the walkers that need another start. */
    private int[] evaluate(int[] pending) {
        Evaluations starts = new Evaluations(pending.length);
        for (int walker : pending) {
            double[] position = draw(walker, random(walker));
            starts.add(walker, (long) rounds * options.walkers() + walker, position);
        }
        double[] values = starts.run(evaluator);
        evaluated += values.length;
        int[] again = new int[pending.length];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            int walker = starts.walker(i);
            positions[walker] = starts.point(i);
            logLikelihoods[walker] = values[i];
            logPosteriors[walker] = values[i] + prior.logDensity(starts.point(i));
            evaluations[walker] = starts.number(i);
            if (Double.isNaN(values[i])) {
                failed++;
            }
            if (!Double.isFinite(logPosteriors[walker])) {
                again[count++] = walker;
            }
        }
        return Arrays.copyOf(again, count);
    }

    /** The random stream of the walker in this round. */
    private RandomGenerator random(int walker) {
        return RandomStreams.stream(RandomStreams.key(RandomStreams.key(options.seed(), 0), rounds), walker);
    }

    private double[] draw(int walker, RandomGenerator random) {
        if (options.start() instanceof Start.At at) {
            return at.positions()[walker].clone();
        }
        if (options.start() instanceof Start.Around around) {
            return drawAround(around, random);
        }
        return prior.draw(random);
    }

    private double[] drawAround(Start.Around around, RandomGenerator random) {
        double[] position = new double[prior.dimensions()];
        for (int draws = 0; draws < MAX_DRAWS_OUTSIDE_PRIOR; draws++) {
            for (int i = 0; i < position.length; i++) {
                position[i] = around.center()[i] + around.spread()[i] * random.nextGaussian();
            }
            if (prior.logDensity(position) > Double.NEGATIVE_INFINITY) {
                return position;
            }
        }
        throw new SamplerException("none of " + MAX_DRAWS_OUTSIDE_PRIOR + " starts " + around
                + " is inside the prior; for instance " + prior.outside(position)
                + ". Give a center inside it, or a smaller spread");
    }

    private void refuseTooManyRounds(int[] pending) {
        int limit = options.start() instanceof Start.At ? 1 : MAX_ROUNDS;
        if (rounds < limit) {
            return;
        }
        int walker = pending[0];
        throw new SamplerException(pending.length + " of " + options.walkers()
                + " walkers have no start with a finite log-posterior"
                + (limit == 1 ? "" : " after " + limit + " draws each") + ": walkers "
                + Arrays.stream(pending).limit(10).mapToObj(Integer::toString).collect(Collectors.joining(", "))
                + (pending.length > 10 ? ", ..." : "") + ". Walker " + walker + " at " + prior.names() + " = "
                + Arrays.toString(positions[walker]) + ": log-likelihood "
                + (Double.isNaN(logLikelihoods[walker]) ? "failed" : Double.toString(logLikelihoods[walker]))
                + ". Give starts where the likelihood is above zero, or a narrower prior");
    }
}
