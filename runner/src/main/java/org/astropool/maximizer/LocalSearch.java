package org.astropool.maximizer;

import java.util.Arrays;
import org.astropool.maximizer.MaximizerOptions.Target;
import org.astropool.sampler.Evaluations;
import org.astropool.sampler.JointPrior;
import org.astropool.sampler.PointEvaluator;
import org.astropool.task.RandomStreams;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.SimpleBounds;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.BOBYQAOptimizer;
import org.hipparchus.optim.univariate.BrentOptimizer;
import org.hipparchus.optim.univariate.SearchInterval;
import org.hipparchus.optim.univariate.UnivariateObjectiveFunction;

/**
 * The search from one start: BOBYQA (Powell 2009, DAMTP 2009/NA06) on the unit cube, repeated from its result until
 * there is no improvement; with a single parameter the method of Brent (1973, chapter 5).
 *
 * <p>Evaluations are sequential, so the result depends on the start only.
 */
final class LocalSearch {
    private static final int MAX_START_DRAWS = 100;
    private static final double FIRST_RADIUS = 0.1;
    private static final double RESTART_RADIUS = 0.01;
    private static final double LAST_RADIUS = 1e-8;

    /** A smaller improvement, in units of ln L, is ignored. */
    private static final double SMALLEST_GAIN = 1e-8;

    /** The tolerance of Brent's method: near a maximum the value changes with its square. */
    private static final double RELATIVE_ACCURACY = 1e-9;

    private final JointPrior prior;
    private final PointEvaluator evaluator;
    private final MaximizerOptions options;
    private final int start;
    private final UnitCube cube;
    private int evaluations;
    private int failed;
    private double worst = Double.POSITIVE_INFINITY;
    private double[] bestUnit;
    private double best = Double.NEGATIVE_INFINITY;
    private double bestLogLikelihood = Double.NEGATIVE_INFINITY;
    private long bestEvaluation;
    private boolean evaluating;

    LocalSearch(JointPrior prior, PointEvaluator evaluator, MaximizerOptions options, int start) {
        this.prior = prior;
        this.evaluator = evaluator;
        this.options = options;
        this.start = start;
        this.cube = new UnitCube(prior);
        this.bestUnit = new double[prior.dimensions()];
    }

    /** The limit of evaluations is reached. Has no stack trace, since it is not an error. */
    private static final class LimitReached extends RuntimeException {
        private static final long serialVersionUID = 1;

        LimitReached() {
            super("", null, false, false);
        }
    }

    LocalMaximum run() {
        boolean complete = true;
        try {
            if (findStart()) {
                climb();
            }
        } catch (LimitReached e) {
            complete = false;
        }
        return new LocalMaximum(
                start, cube.toPoint(bestUnit), best, bestLogLikelihood, bestEvaluation, evaluations, failed, complete);
    }

    /** Evaluates the start; a start that was drawn from the prior is drawn again when it has no value. */
    private boolean findStart() {
        double[][] positions = options.positions().orElse(null);
        if (positions != null) {
            value(cube.toUnit(positions[start]));
        } else {
            long key = RandomStreams.key(options.seed(), start);
            for (int draw = 0; draw < MAX_START_DRAWS && best == Double.NEGATIVE_INFINITY; draw++) {
                value(cube.toUnit(prior.draw(RandomStreams.stream(key, draw))));
            }
        }
        return best > Double.NEGATIVE_INFINITY;
    }

    private void climb() {
        if (prior.dimensions() == 1) {
            climbByBrent();
            return;
        }
        double before = Double.NEGATIVE_INFINITY;
        for (double radius = FIRST_RADIUS; best - before > SMALLEST_GAIN; radius = RESTART_RADIUS) {
            before = best;
            climbByBobyqa(radius);
        }
    }

    private void climbByBrent() {
        new BrentOptimizer(RELATIVE_ACCURACY, Double.MIN_NORMAL)
                .optimize(
                        new MaxEval(Integer.MAX_VALUE),
                        GoalType.MAXIMIZE,
                        new SearchInterval(0, 1, bestUnit[0]),
                        new UnivariateObjectiveFunction(unit -> value(new double[] {unit})));
    }

    private void climbByBobyqa(double radius) {
        int dimensions = prior.dimensions();
        double[] upper = new double[dimensions];
        Arrays.fill(upper, 1);
        try {
            new BOBYQAOptimizer(2 * dimensions + 1, radius, LAST_RADIUS)
                    .optimize(
                            new MaxEval(Integer.MAX_VALUE),
                            GoalType.MAXIMIZE,
                            new InitialGuess(bestUnit),
                            new SimpleBounds(new double[dimensions], upper),
                            new ObjectiveFunction(this::value));
        } catch (MathRuntimeException e) {
            if (evaluating) {
                throw e; // thrown by the evaluator
            }
            // rounding errors have made its model of the function useless; the next search starts at the best point
            // with a new model
        }
    }

    /** The value of the target; finite, since the optimizers calculate with it. */
    private double value(double[] unit) {
        if (evaluations == options.evaluationLimit()) {
            throw new LimitReached();
        }
        double[] point = cube.toPoint(unit);
        long number = (long) start * options.evaluationLimit() + evaluations;
        evaluations++;
        evaluating = true;
        double logLikelihood = Evaluations.checked(evaluator, new long[] {number}, new double[][] {point})[0];
        evaluating = false;
        if (Double.isNaN(logLikelihood)) {
            failed++;
        }
        double value =
                options.target() == Target.LOG_POSTERIOR ? logLikelihood + prior.logDensity(point) : logLikelihood;
        if (!Double.isFinite(value)) {
            return penalty();
        }
        worst = Math.min(worst, value);
        if (value > best) {
            best = value;
            bestUnit = unit.clone();
            bestLogLikelihood = logLikelihood;
            bestEvaluation = number;
        }
        return value;
    }

    /** Less than all values so far, but not so much that it dominates a quadratic model. */
    private double penalty() {
        return best == Double.NEGATIVE_INFINITY ? 0 : worst - (best - worst) - 1;
    }
}
