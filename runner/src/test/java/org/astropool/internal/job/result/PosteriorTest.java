package org.astropool.internal.job.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.astropool.internal.job.config.Job.ParameterNote;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.run.InlineEvaluation;
import org.astropool.internal.job.run.SampleModel;
import org.astropool.sampler.Prior;
import org.astropool.task.Axis;
import org.astropool.task.Grid;
import org.astropool.task.ModelOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PosteriorTest {
    private static EvaluationResult evaluate(Grid grid, Map<String, Double> fixed, Map<String, ParameterNote> notes) {
        SampleModel model = new SampleModel();
        EvaluationSpec spec = new EvaluationSpec(
                "test",
                0,
                "sample",
                List.of(),
                model,
                ModelOptions.of(model, Map.of()),
                grid,
                Optional.empty(),
                fixed,
                notes);
        return InlineEvaluation.of(spec);
    }

    private static Map<String, ParameterNote> priorOfA(Prior prior) {
        return Map.of("a", new ParameterNote(Optional.empty(), Optional.of(prior)));
    }

    @Test
    void marginalsOfANormalLikelihoodAreItsMeanAndWidth() {
        EvaluationResult result =
                evaluate(new Grid(Axis.linear("a", -8, 8, 161), Axis.linear("b", -8, 8, 81)), Map.of(), Map.of());

        assertThat(result.marginals().get("a").mean()).isCloseTo(0, within(1e-12));
        assertThat(result.marginals().get("a").std()).isCloseTo(1, within(1e-9));
        // The mean of exp(-(a^2 + b^2)/2) over a square of 16 x 16, as the plain sum over 161 x 81 cells has it.
        double cells = (161 * 16.0 / 160) * (81 * 16.0 / 80);
        assertThat(result.logEvidence().orElseThrow()).isCloseTo(Math.log(2 * Math.PI / cells), within(1e-9));
    }

    @Test
    void bestIsTheLowestIndexAmongEquals() {
        EvaluationResult result = evaluate(new Grid(Axis.of("a", 3, -1, 1)), Map.of("b", 0.0), Map.of());

        assertThat(result.best().orElseThrow()).isEqualTo(new BestFit(1, Map.of("a", -1.0), -0.5));
    }

    @Test
    void pointsOfUnevenAxesAreWeightedByTheirCellWidths() {
        Axis uneven = Axis.of("a", -4, -3, -2, -1.5, -1, -0.5, 0, 0.25, 0.5, 1, 1.5, 2, 3, 4);
        EvaluationResult result = evaluate(new Grid(uneven), Map.of("b", 0.0), Map.of());

        assertThat(result.marginals().get("a").mean()).isCloseTo(0, within(0.02));
        assertThat(result.marginals().get("a").std()).isCloseTo(1, within(0.03));
    }

    @Test
    void evenlySpacedValuesHaveTheSameWeightForEveryFormOfTheAxis() {
        double[] values = Axis.linear("a", -2, 1, 13).values();

        assertThat(evaluate(new Grid(Axis.of("a", values)), Map.of("b", 0.0), Map.of())
                        .marginals()
                        .get("a")
                        .mean())
                .isCloseTo(
                        evaluate(new Grid(Axis.linear("a", -2, 1, 13)), Map.of("b", 0.0), Map.of())
                                .marginals()
                                .get("a")
                                .mean(),
                        within(1e-14));
    }

    /** Each value stands for what is nearer to it than to its neighbours, and the ends for as much on either side. */
    private static double widthOfItsCell(double value, double[] values) {
        double below = Double.POSITIVE_INFINITY;
        double above = Double.POSITIVE_INFINITY;
        for (double other : values) {
            below = other < value ? Math.min(below, value - other) : below;
            above = other > value ? Math.min(above, other - value) : above;
        }
        if (values.length == 1) {
            return 1;
        }
        return Math.min(below, Double.MAX_VALUE) == Double.MAX_VALUE
                ? above
                : Math.min(above, Double.MAX_VALUE) == Double.MAX_VALUE ? below : (below + above) / 2;
    }

    static Stream<Axis> axes() {
        return Stream.of(
                Axis.linear("a", -3, 2, 17),
                Axis.linear("a", 0.5, 0.5, 1),
                Axis.linear("a", -1, 1, 2),
                Axis.log("a", 1e-3, 5, 40),
                Axis.log("a", 0.1, 0.1, 1),
                Axis.log("a", 1, 2, 2),
                Axis.of("a", 0, 1),
                Axis.of("a", 1, 0),
                Axis.of("a", 0.25),
                Axis.of("a", -2, -1, -0.5, 0, 0.125, 3),
                Axis.of("a", 3, -0.5, 0.125, -2, 0, -1),
                Axis.of("a", 2, 1, 0, -1, -2),
                Axis.of("a", 1, Math.nextUp(1.0), 1.5),
                Axis.of("a", -0.0, 1, 1e-300));
    }

    @ParameterizedTest
    @MethodSource("axes")
    void everyKindOfAxisAgreesWithASumOverItsCells(Axis axis) {
        Axis other = Axis.of("b", 1, -2, 0.5, 0.75);
        EvaluationResult result =
                evaluate(new Grid(axis, other), Map.of(), priorOfA(new Prior.Normal(0.3, 2, -100, 100)));

        double weights = 0;
        double total = 0;
        double first = 0;
        double second = 0;
        for (double a : axis.values()) {
            for (double b : other.values()) {
                double weight = Math.exp(-(a - 0.3) * (a - 0.3) / 8) * widthOfItsCell(b, other.values());
                weight *= axis.spacing() == Axis.Spacing.LINEAR ? 1 : widthOfItsCell(a, axis.values());
                double p = weight * Math.exp(-(a * a + b * b) / 2);
                weights += weight;
                total += p;
                first += p * a;
                second += p * a * a;
            }
        }
        double mean = first / total;
        assertThat(result.logEvidence().orElseThrow()).isCloseTo(Math.log(total / weights), within(1e-12));
        assertThat(result.marginals().get("a").mean()).isCloseTo(mean, within(1e-12));
        assertThat(result.marginals().get("a").std())
                .isCloseTo(Math.sqrt(Math.max(0, second / total - mean * mean)), within(1e-7));
    }

    @Test
    void theOrderOfGivenValuesDoesNotMatter() {
        double[] sorted = {-2, -1, -0.5, 0, 0.125, 3};
        double[] shuffled = {3, -0.5, 0.125, -2, 0, -1};
        EvaluationResult one = evaluate(new Grid(Axis.of("a", sorted)), Map.of("b", 0.0), Map.of());
        EvaluationResult two = evaluate(new Grid(Axis.of("a", shuffled)), Map.of("b", 0.0), Map.of());

        assertThat(two.marginals().get("a").mean())
                .isCloseTo(one.marginals().get("a").mean(), within(1e-15));
        assertThat(two.logEvidence().orElseThrow()).isCloseTo(one.logEvidence().orElseThrow(), within(1e-15));
    }

    @Test
    void cellsOfAnySizeKeepTheirProportions() {
        for (double unit : new double[] {Double.MIN_VALUE, 1e-200, 1, 1e200, Double.MAX_VALUE / 8}) {
            double[] widths = Posterior.cellWidths(Axis.of("a", -8 * unit, 0, 2 * unit, 8 * unit));

            double[] proportions = {8 / 5.0, 1, 4 / 5.0, 6 / 5.0};
            for (int i = 0; i < widths.length; i++) {
                assertThat(widths[i] / widths[1])
                        .as("width %d of unit %s", i, unit)
                        .isCloseTo(proportions[i], within(1e-15));
            }
        }
    }

    @Test
    void aNormalPriorOfTheSameWidthHalvesTheVariance() {
        EvaluationResult result = evaluate(
                new Grid(Axis.linear("a", -8, 8, 321)),
                Map.of("b", 0.0),
                priorOfA(new Prior.Normal(2, 1, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)));

        assertThat(result.marginals().get("a").mean()).isCloseTo(1, within(1e-9));
        assertThat(result.marginals().get("a").std()).isCloseTo(Math.sqrt(0.5), within(1e-9));
    }

    @Test
    void aLogFlatPriorOnALogAxisIsFlatInTheLogarithm() {
        Axis axis = Axis.log("a", 1e-3, 1e-1, 2001);
        EvaluationResult result = evaluate(new Grid(axis), Map.of("b", 0.0), priorOfA(new Prior.LogFlat(1e-3, 1e-1)));

        // The likelihood is 1 to 0.5 % here: the mean of 1/x over x is (to - from) / ln(to / from).
        assertThat(result.marginals().get("a").mean()).isCloseTo(0.099 / Math.log(100), within(2e-4));
    }

    @Test
    void pointsThatAreNotOkAreIgnored() {
        EvaluationResult result =
                evaluate(new Grid(Axis.of("a", 12, 13, 14, 15, 16, 18.5)), Map.of("b", 0.0), Map.of());

        assertThat(result.count(PointStatus.OK)).isEqualTo(3);
        assertThat(result.count(PointStatus.FAILED)).isEqualTo(2);
        assertThat(result.count(PointStatus.SKIPPED)).isEqualTo(1);
        assertThat(result.best().orElseThrow().index()).isZero();
        assertThat(result.numbers("product")).containsExactly(0, Double.NaN, Double.NaN, Double.NaN, 0, 0);
    }

    @Test
    void aLikelihoodOfZeroEverywhereHasNoMarginals() {
        EvaluationResult result = evaluate(new Grid(Axis.of("a", 16)), Map.of("b", 0.0), Map.of());

        assertThat(result.marginals()).isEmpty();
        assertThat(result.logEvidence()).isEmpty();
    }

    @Test
    void columnsAreReshapedByPoint() {
        EvaluationResult result = evaluate(new Grid(Axis.of("a", 1, 2), Axis.of("b", 3, 4, 5)), Map.of(), Map.of());

        assertThat(result.shape()).containsExactly(2, 3);
        assertThat(result.numbers("product")[result.point(1, 2)]).isEqualTo(10);
        assertThat(result.value("product", 0)).isEqualTo(3.0);
    }
}
