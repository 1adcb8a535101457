package org.astropool.examples.lightcurve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresFactory;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresOptimizer.Optimum;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresProblem;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.util.Pair;

/**
 * The search for the {@link BazinFunction} with the least chi^2: Levenberg-Marquardt from twelve starts. Nearly all of
 * them come to the same optimum; so each is followed roughly, and to its end unless it comes near the end of one
 * before.
 */
final class BazinSearch {
    private static final double[] STARTS_AFTER_BRIGHTEST = {-2, 2, 6}; // days
    private static final double[] RISE_TIMES = {3, 6}; // days
    private static final double[] FALL_TIMES = {15, 25}; // days

    private static final Stage ROUGH = new Stage(1e-3, 30);
    private static final Stage TO_THE_END = new Stage(1e-10, 100);

    /** How far from an optimum a search is that will come to it. */
    private static final double[] NEAR = {1, 2, 0.4, 0.4};

    private final FitPoints points;
    private final Box box;
    private final RealVector observed;

    /** How far a start is followed. */
    private static final class Stage {
        private final int mostIterations;
        private final LevenbergMarquardtOptimizer optimizer;

        Stage(double tolerance, int mostIterations) {
            this.mostIterations = mostIterations;
            this.optimizer = new LevenbergMarquardtOptimizer()
                    .withCostRelativeTolerance(tolerance)
                    .withParameterRelativeTolerance(tolerance)
                    .withOrthoTolerance(tolerance);
        }
    }

    /**
     * Where a search has ended.
     *
     * @param cost square root of chi^2
     * @param converged whether it would not have gone on
     */
    record End(double[] q, double cost, boolean converged) {}

    BazinSearch(FitPoints points, Box box) {
        double[] weighted = new double[points.size()];
        Arrays.setAll(weighted, i -> points.fluxes()[i] / points.errors()[i]);
        this.points = points;
        this.box = box;
        this.observed = new ArrayRealVector(weighted, false);
    }

    /** The end with the least chi^2; empty when none of the starts led anywhere. */
    Optional<End> best() {
        List<End> ends = new ArrayList<>();
        for (double[] start : starts()) {
            search(start, ROUGH, ends)
                    .flatMap(rough -> search(rough.q(), TO_THE_END, ends))
                    .ifPresent(ends::add);
        }
        return ends.stream().min(Comparator.comparingDouble(End::cost));
    }

    private boolean isNearOneOf(List<End> ends, RealVector parameters) {
        double[] q = box.bounded(parameters.toArray());
        for (End end : ends) {
            if (isNear(end.q(), q)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNear(double[] a, double[] b) {
        for (int k = 0; k < a.length; k++) {
            if (Math.abs(a[k] - b[k]) > NEAR[k]) {
                return false;
            }
        }
        return true;
    }

    private List<double[]> starts() {
        double brightest = points.timeOfGreatestFlux();
        List<double[]> starts = new ArrayList<>();
        for (double after : STARTS_AFTER_BRIGHTEST) {
            for (double riseTime : RISE_TIMES) {
                for (double fallTime : FALL_TIMES) {
                    double[] q = {0, brightest + after, StrictMath.log(riseTime), StrictMath.log(fallTime)};
                    q[BazinFunction.LOG_AMPLITUDE] = bestLogAmplitude(q);
                    starts.add(q);
                }
            }
        }
        return starts;
    }

    /** The amplitude is a linear parameter: the best one for a given shape needs no search. */
    private double bestLogAmplitude(double[] shape) {
        BazinFunction function = new BazinFunction(shape);
        double fluxTimesShape = 0;
        double shapeSquared = 0;
        for (int i = 0; i < points.size(); i++) {
            double weighted = StrictMath.exp(function.logFlux(points.times()[i])) / points.errors()[i];
            fluxTimesShape += weighted * observed.getEntry(i);
            shapeSquared += weighted * weighted;
        }
        return StrictMath.log(fluxTimesShape / shapeSquared);
    }

    /** Empty when it comes near the end of a search before. */
    private Optional<End> search(double[] start, Stage stage, List<End> before) {
        LeastSquaresProblem problem = LeastSquaresFactory.create(
                this::weightedFluxes,
                observed,
                new ArrayRealVector(box.free(start), false),
                (iteration, previous, current) ->
                        iteration >= stage.mostIterations || isNearOneOf(before, current.getPoint()),
                Integer.MAX_VALUE,
                Integer.MAX_VALUE);
        try {
            Optimum optimum = stage.optimizer.optimize(problem);
            if (isNearOneOf(before, optimum.getPoint())) {
                return Optional.empty();
            }
            return Optional.of(new End(
                    box.bounded(optimum.getPoint().toArray()),
                    optimum.getCost(),
                    optimum.getIterations() < stage.mostIterations));
        } catch (MathIllegalStateException e) {
            return Optional.empty(); // in a valley so flat that rounding hides the way down; others will do
        }
    }

    /** f / error and its Jacobian by the free parameters. */
    private Pair<RealVector, RealMatrix> weightedFluxes(RealVector parameters) {
        double[] free = parameters.toArray();
        double[] values = new double[points.size()];
        double[][] jacobian = points.weightedJacobian(box.bounded(free), values);
        double[] slopes = box.slopes(free);
        for (double[] row : jacobian) {
            for (int k = 0; k < row.length; k++) {
                row[k] *= slopes[k];
            }
        }
        return new Pair<>(new ArrayRealVector(values, false), new Array2DRowRealMatrix(jacobian, false));
    }
}
