package org.astropool.sampler;

import java.util.random.RandomGenerator;
import org.astropool.task.RandomStreams;
import org.jspecify.annotations.Nullable;

/**
 * The affine-invariant ensemble sampler of Goodman and Weare (2010, CAMCoS 5, 65), with walkers that move in two halves
 * so that a half is evaluated at once, as in emcee (Foreman-Mackey et al. 2013, PASP 125, 306).
 *
 * <p>A chain is a function of the priors, the likelihood and the {@link EnsembleOptions}: random numbers are keyed by
 * (seed, step, walker), and nothing depends on the time at which an evaluation finishes. Evaluation number {@code step
 * * walkers + walker} is the move of a walker in a step, step 0 being the starts. (If starts had to be drawn again in
 * {@code r} further rounds, these rounds have the following numbers, and the numbers of each step are {@code r *
 * walkers} higher.)
 *
 * <p>A move outside the prior is rejected without an evaluation; one whose evaluation fails is rejected and counted.
 *
 * <p>Not thread-safe: for one thread at a time.
 */
public final class EnsembleSampler {
    /** The maximum number of draws of starts: once, and again for those without a finite log-posterior. */
    public static final int MAX_START_ROUNDS = WalkerStarts.MAX_ROUNDS;

    /** The random stream of the step itself, in addition to those of its walkers. */
    private static final long CHOICE_OF_MOVE = -1;

    private final JointPrior prior;
    private final PointEvaluator evaluator;
    private final EnsembleOptions options;
    private SamplerCounts counts = new SamplerCounts(0, 0, 0, 0, 0);
    private @Nullable Ensemble ensemble;
    private int startRounds;

    /**
     * Creates a sampler; nothing is evaluated yet.
     *
     * @throws IllegalArgumentException when there are fewer walkers than twice the parameters, or the start does not
     *     fit the prior
     */
    public EnsembleSampler(JointPrior prior, PointEvaluator evaluator, EnsembleOptions options) {
        if (options.walkers() < 2 * prior.dimensions()) {
            throw new IllegalArgumentException(options.walkers() + " walkers are too few for " + prior.dimensions()
                    + " parameters: a half must span all directions, so use at least " + 2 * prior.dimensions()
                    + ", or better " + 4 * prior.dimensions());
        }
        this.prior = prior;
        this.evaluator = evaluator;
        this.options = options;
        WalkerStarts.check(prior, options);
    }

    /**
     * Advances by one step; the first call gives step 0, the starts. If it throws, the sampler does not change, and the
     * same step can be tried again.
     *
     * @throws SamplerException when there are walkers for which no start with a finite log-posterior is found
     * @throws RuntimeException whatever the evaluator throws
     */
    public Ensemble step() {
        Ensemble before = ensemble;
        Ensemble after = before == null ? start() : move(before);
        ensemble = after;
        return after;
    }

    /** The counts up to the last step. */
    public SamplerCounts counts() {
        return counts;
    }

    private Ensemble start() {
        WalkerStarts search = new WalkerStarts(prior, evaluator, options);
        Ensemble found = search.find();
        startRounds = search.rounds();
        counts = new SamplerCounts(0, 0, 0, search.evaluated(), search.failed());
        return found;
    }

    private Ensemble move(Ensemble before) {
        long step = before.step() + 1;
        long key = RandomStreams.key(options.seed(), step);
        Move move =
                options.moves().pick(RandomStreams.stream(key, CHOICE_OF_MOVE).nextDouble());
        long firstNumber = (startRounds - 1 + step) * options.walkers();
        Step next = new Step(before, move, key, firstNumber);
        next.moveHalf(0);
        next.moveHalf(1);
        counts = counts.plus(next.counts());
        return next.ensemble();
    }

    /** A step in progress, which works on copies. */
    private final class Step {
        private final Move move;
        private final long key;
        private final long firstNumber;
        private final long step;
        private final int half;
        private final double[][] positions;
        private final double[] logPosteriors;
        private final double[] logLikelihoods;
        private final long[] evaluations;
        private final boolean[] accepted;
        private int acceptedCount;
        private int outside;
        private int evaluated;
        private int failed;

        Step(Ensemble before, Move move, long key, long firstNumber) {
            this.move = move;
            this.key = key;
            this.firstNumber = firstNumber;
            step = before.step() + 1;
            half = before.walkers() / 2;
            positions = before.positions().clone();
            logPosteriors = before.logPosteriors().clone();
            logLikelihoods = before.logLikelihoods().clone();
            evaluations = before.evaluations().clone();
            accepted = new boolean[before.walkers()];
        }

        void moveHalf(int which) {
            int first = which * half;
            int firstOther = half - first;
            Evaluations proposals = new Evaluations(half);
            double[] logPriors = new double[half];
            double[] leastRises = new double[half];
            for (int walker = first; walker < first + half; walker++) {
                RandomGenerator random = RandomStreams.stream(key, walker);
                double[] proposal = new double[prior.dimensions()];
                double logFactor = move.propose(random, positions[walker], positions, firstOther, half, proposal);
                double logPrior = prior.logDensity(proposal);
                if (logPrior > Double.NEGATIVE_INFINITY) {
                    logPriors[proposals.count()] = logPrior;
                    // Metropolis: accepted when ln u < logFactor + the rise of the log-posterior, u uniform in (0, 1]
                    leastRises[proposals.count()] = Math.log1p(-random.nextDouble()) - logFactor;
                    proposals.add(walker, firstNumber + walker, proposal);
                } else {
                    outside++;
                }
            }
            double[] values = proposals.run(evaluator);
            for (int i = 0; i < values.length; i++) {
                int walker = proposals.walker(i);
                double logPosterior = logPriors[i] + values[i];
                evaluated++;
                if (Double.isNaN(values[i])) {
                    failed++;
                } else if (logPosterior - logPosteriors[walker] > leastRises[i]) {
                    positions[walker] = proposals.point(i);
                    logPosteriors[walker] = logPosterior;
                    logLikelihoods[walker] = values[i];
                    evaluations[walker] = proposals.number(i);
                    accepted[walker] = true;
                    acceptedCount++;
                }
            }
        }

        SamplerCounts counts() {
            return new SamplerCounts(2L * half, acceptedCount, outside, evaluated, failed);
        }

        Ensemble ensemble() {
            return new Ensemble(step, positions, logPosteriors, logLikelihoods, evaluations, accepted);
        }
    }
}
