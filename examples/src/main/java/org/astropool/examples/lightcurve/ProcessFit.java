package org.astropool.examples.lightcurve;

import java.util.ArrayList;
import java.util.List;
import org.astropool.task.SkippedException;
import org.hipparchus.analysis.MultivariateFunction;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.PointValuePair;
import org.hipparchus.optim.SimpleValueChecker;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.hipparchus.optim.nonlinear.scalar.noderiv.SimplexOptimizer;
import org.jspecify.annotations.Nullable;

/**
 * The hyperparameters (ln a, ln l) of the {@link GaussianProcess} of a light curve, from its marginal likelihood
 * (Rasmussen &amp; Williams 2006, section 5.4.1). Stateless.
 */
final class ProcessFit {
    /** Days. */
    private static final double SHORTEST_SCALE = 1;

    private static final double LONGEST_SCALE = 1000;
    /** Of the amplitude, as a factor of the greatest flux. */
    private static final double AMPLITUDE_RANGE = 1e3;

    private static final double[] START_SCALES = {5, 15, 40, 100};
    private static final double STEP = 0.5;
    private static final double EXACT = 1e-13;
    private static final int MOST_EVALUATIONS = 2_000;
    private static final double AT_BOUND = 1e-6;

    private static final int GRID = 17;
    private static final double GRID_SIGMAS = 4;
    private static final double DIFFERENCE = 1e-3;

    /**
     * A choice of hyperparameters.
     *
     * @param weight the part of the posterior that it stands for; those of all choices add up to 1
     */
    record Choice(double logAmplitude, double logScale, double weight) {}

    /** The range of the hyperparameters: {@code [low, high]} of ln a and ln l. */
    private static double[][] bounds(FitPoints points) {
        double greatest = 0;
        for (double flux : points.fluxes()) {
            greatest = Math.max(greatest, Math.abs(flux));
        }
        return new double[][] {
            {StrictMath.log(greatest / AMPLITUDE_RANGE), StrictMath.log(greatest * AMPLITUDE_RANGE)},
            {StrictMath.log(SHORTEST_SCALE), StrictMath.log(LONGEST_SCALE)}
        };
    }

    private ProcessFit() {}

    /**
     * The maximum of the marginal likelihood, by the simplex method of Nelder &amp; Mead (1965, Computer Journal 7,
     * 308) from several starts.
     *
     * @throws SkippedException when it is at the edge of the range
     */
    static Choice maximum(FitPoints points) throws SkippedException {
        double[][] bounds = bounds(points);
        MultivariateFunction target = at -> isInside(at, bounds)
                ? new GaussianProcess(points, at[0], at[1]).logLikelihood()
                : Double.NEGATIVE_INFINITY;
        double middle = (bounds[0][0] + bounds[0][1]) / 2;
        PointValuePair best = null;
        for (double scale : START_SCALES) {
            PointValuePair end = climb(target, new double[] {middle, StrictMath.log(scale)});
            if (end != null && (best == null || end.getValue() > best.getValue())) {
                best = end;
            }
        }
        if (best == null) {
            throw new SkippedException("not fitted: none of the starts leads to a maximum");
        }
        double[] at = best.getPoint();
        for (int k = 0; k < at.length; k++) {
            if (at[k] - bounds[k][0] < AT_BOUND || bounds[k][1] - at[k] < AT_BOUND) {
                throw new SkippedException("not fitted: at bound (" + (k == 0 ? "ln a" : "ln l") + " = " + at[k] + ")");
            }
        }
        return new Choice(at[0], at[1], 1);
    }

    private static @Nullable PointValuePair climb(MultivariateFunction target, double[] start) {
        PointValuePair end = null;
        double[] from = start;
        try {
            for (int round = 0; round < 2; round++) { // again from the end, since a simplex may collapse too early
                end = new SimplexOptimizer(new SimpleValueChecker(EXACT, EXACT))
                        .optimize(
                                new MaxEval(MOST_EVALUATIONS),
                                new ObjectiveFunction(target),
                                GoalType.MAXIMIZE,
                                new InitialGuess(from),
                                new NelderMeadSimplex(2, STEP));
                from = end.getPoint();
            }
        } catch (MathRuntimeException e) {
            return end; // no convergence
        }
        return end;
    }

    private static boolean isInside(double[] at, double[][] bounds) {
        for (int k = 0; k < at.length; k++) {
            if (!(at[k] >= bounds[k][0] && at[k] <= bounds[k][1])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Choices that stand for the posterior of the hyperparameters, with flat priors of ln a and ln l: a grid of 17 x 17
     * points, four standard deviations to each side of the maximum, within the range.
     *
     * @throws SkippedException as {@link #maximum}
     */
    static List<Choice> posterior(FitPoints points) throws SkippedException {
        Choice best = maximum(points);
        double[][] bounds = bounds(points);
        double peak = new GaussianProcess(points, best.logAmplitude, best.logScale).logLikelihood();
        double[] sigmas = sigmas(points, best, peak);
        List<Choice> choices = new ArrayList<>();
        double total = 0;
        for (int i = 0; i < GRID; i++) {
            for (int j = 0; j < GRID; j++) {
                double[] at = {best.logAmplitude + offset(i) * sigmas[0], best.logScale + offset(j) * sigmas[1]};
                if (isInside(at, bounds)) {
                    double weight = StrictMath.exp(new GaussianProcess(points, at[0], at[1]).logLikelihood() - peak);
                    total += weight;
                    choices.add(new Choice(at[0], at[1], weight));
                }
            }
        }
        double sum = total;
        return choices.stream()
                .map(choice -> new Choice(choice.logAmplitude, choice.logScale, choice.weight / sum))
                .toList();
    }

    private static double offset(int step) {
        return GRID_SIGMAS * (2.0 * step / (GRID - 1) - 1);
    }

    /** Standard deviations of the posterior, by its curvature at the maximum. */
    private static double[] sigmas(FitPoints points, Choice best, double peak) {
        double[][] hessian = new double[2][2];
        double[] at = {best.logAmplitude, best.logScale};
        for (int k = 0; k < 2; k++) {
            for (int l = 0; l < 2; l++) {
                hessian[k][l] = k == l
                        ? (moved(points, at, k, 1, l, 0) - 2 * peak + moved(points, at, k, -1, l, 0))
                                / (DIFFERENCE * DIFFERENCE)
                        : (moved(points, at, k, 1, l, 1)
                                        - moved(points, at, k, 1, l, -1)
                                        - moved(points, at, k, -1, l, 1)
                                        + moved(points, at, k, -1, l, -1))
                                / (4 * DIFFERENCE * DIFFERENCE);
            }
        }
        double determinant = hessian[0][0] * hessian[1][1] - hessian[0][1] * hessian[1][0];
        double[] sigmas = {Math.sqrt(-hessian[1][1] / determinant), Math.sqrt(-hessian[0][0] / determinant)};
        for (int k = 0; k < 2; k++) {
            sigmas[k] = sigmas[k] > 0 && sigmas[k] < 1 ? sigmas[k] : 1; // far from a normal distribution
        }
        return sigmas;
    }

    private static double moved(FitPoints points, double[] at, int k, int stepsOfK, int l, int stepsOfL) {
        double[] moved = at.clone();
        moved[k] += stepsOfK * DIFFERENCE;
        moved[l] += stepsOfL * DIFFERENCE;
        return new GaussianProcess(points, moved[0], moved[1]).logLikelihood();
    }
}
