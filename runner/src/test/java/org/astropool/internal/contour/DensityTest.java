package org.astropool.internal.contour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DensityTest {
    private static final double[] MASSES = {Level.ONE_SIGMA, Level.TWO_SIGMA, Level.THREE_SIGMA};

    /** The ellipse around this mass of a Gaussian of two dimensions has the area -2 ln(1 - mass) pi sqrt(det C). */
    static double ellipse(double mass, double sigmaX, double sigmaY, double correlation) {
        return -2 * Math.log1p(-mass) * Math.PI * sigmaX * sigmaY * Math.sqrt(1 - correlation * correlation);
    }

    static DoubleBinaryOperator gaussian(double sigmaX, double sigmaY, double correlation) {
        return (x, y) -> {
            double u = x / sigmaX;
            double v = y / sigmaY;
            return -0.5 * (u * u - 2 * correlation * u * v + v * v) / (1 - correlation * correlation);
        };
    }

    static double[] linear(double from, double to, int count) {
        return IntStream.range(0, count)
                .mapToDouble(i -> from + (to - from) * i / (count - 1))
                .toArray();
    }

    static Density density(double[] x, double[] y, DoubleBinaryOperator log, int cells) {
        return Density.ofLog(x, y, logs(x, y, log), cells);
    }

    private static double[][] logs(double[] x, double[] y, DoubleBinaryOperator log) {
        double[][] logs = new double[x.length][y.length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < y.length; j++) {
                logs[i][j] = log.applyAsDouble(x[i], y[j]);
            }
        }
        return logs;
    }

    /** The area inside closed lines by the formula of Gauss; inner rings are subtracted if they run the other way. */
    private static double areaInside(List<ContourLine> rings) {
        double area = 0;
        for (ContourLine ring : rings) {
            assertThat(ring.closed()).isTrue();
            double sum = 0;
            for (int i = 0; i < ring.size(); i++) {
                int next = (i + 1) % ring.size();
                sum += ring.x()[i] * ring.y()[next] - ring.x()[next] * ring.y()[i];
            }
            area += Math.abs(sum) / 2;
        }
        return area;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, -0.9})
    void aCoarseGridOfACorrelatedGaussianGivesTheAreasOfItsEllipses(double correlation) {
        double[] x = linear(-5, 5, 31);
        double[] y = linear(-20, 20, 28);
        Density density = density(x, y, gaussian(1, 4, correlation), 200);
        for (double mass : MASSES) {
            Level level = density.level(mass);
            assertThat(level.enclosed()).isCloseTo(mass, within(1e-6));
            double expected = ellipse(mass, 1, 4, correlation);
            assertThat(density.areaAbove(level.value())).isCloseTo(expected, Percentage.withPercentage(1));
            assertThat(density.lines(level.value())).hasSize(1).allMatch(ContourLine::closed);
            assertThat(areaInside(density.rings(level.value())))
                    .isCloseTo(density.areaAbove(level.value()), Percentage.withPercentage(1e-6));
        }
    }

    @Test
    void anUnevenGridWeighsItsCells() {
        double[] x = IntStream.range(0, 40)
                .mapToDouble(i -> Math.pow(10, -1 + i / 20.0))
                .toArray();
        double[] y = {-6, -4, -3, -2.2, -1.5, -1, -0.4, 0, 0.3, 0.9, 1.5, 2.1, 3, 4, 6};
        Density density = density(x, y, (a, b) -> gaussian(0.7, 1, 0.3).applyAsDouble(a - 4, b), 200);
        for (double mass : MASSES) {
            assertThat(density.areaAbove(density.level(mass).value()))
                    .isCloseTo(ellipse(mass, 0.7, 1, 0.3), Percentage.withPercentage(1));
        }
    }

    /** With u = x, v = y - x^2 it is a Gaussian, and areas in (u, v) are areas in (x, y). */
    @Test
    void aBananaEnclosesTheAreaOfTheEllipseThatItWasBentFrom() {
        DoubleBinaryOperator banana = (x, y) -> gaussian(1, 0.5, 0).applyAsDouble(x, y - x * x);
        Density density = density(linear(-4, 4, 81), linear(-3, 14, 121), banana, 300);
        for (double mass : MASSES) {
            assertThat(density.areaAbove(density.level(mass).value()))
                    .isCloseTo(ellipse(mass, 1, 0.5, 0), Percentage.withPercentage(1));
        }
    }

    @Test
    void twoPeaksHaveTwoContours() {
        DoubleBinaryOperator peaks =
                (x, y) -> Math.log(Math.exp(gaussian(0.5, 0.5, 0).applyAsDouble(x - 3, y))
                        + Math.exp(gaussian(0.5, 0.5, 0).applyAsDouble(x + 3, y)));
        Density density = density(linear(-6, 6, 61), linear(-4, 4, 41), peaks, 300);
        double level = density.level(Level.ONE_SIGMA).value();
        assertThat(density.lines(level)).hasSize(2);
        assertThat(density.areaAbove(level))
                .isCloseTo(2 * ellipse(Level.ONE_SIGMA, 0.5, 0.5, 0), Percentage.withPercentage(1));
    }

    /** Half a Gaussian: the same ellipses, cut in two. */
    @Test
    void contoursThatLeaveTheGridAreOpenAndTheirRingsFollowItsEdge() {
        Density density = density(linear(0, 5, 21), linear(-5, 5, 41), gaussian(1, 1, 0), 200);
        for (double mass : MASSES) {
            double level = density.level(mass).value();
            double expected = ellipse(mass, 1, 1, 0) / 2;
            assertThat(density.areaAbove(level)).isCloseTo(expected, Percentage.withPercentage(1));
            assertThat(density.lines(level)).hasSize(1).noneMatch(ContourLine::closed);
            assertThat(areaInside(density.rings(level))).isCloseTo(expected, Percentage.withPercentage(1));
        }
    }

    @Test
    void aSaddleIsDecidedByItsMiddle() {
        double[][] values = {{1, 0}, {0, 1}};
        Density density = new Density(new double[] {0, 1}, new double[] {0, 1}, values);
        assertThat(density.lines(0.4)).hasSize(2); // the middle, 0.5, connects the two high corners
        assertThat(density.areaAbove(0.4)).isGreaterThan(0.5);
        assertThat(density.lines(0.6)).hasSize(2);
        assertThat(density.areaAbove(0.6)).isLessThan(0.5);
        assertThat(density.lines(0.4).get(0).x())
                .isNotEqualTo(density.lines(0.6).get(0).x());
    }

    @Test
    void pointsThatAreNotKnownAreLeftOut() {
        double[] x = linear(-5, 5, 41);
        double[] y = linear(-5, 5, 41);
        double[][] logs = logs(x, y, gaussian(1, 1, 0));
        for (int i = 21; i < 41; i++) {
            java.util.Arrays.fill(logs[i], Double.NaN);
        }
        Density half = Density.ofLog(x, y, logs, 200);
        double level = half.level(Level.ONE_SIGMA).value();
        assertThat(half.areaAbove(level))
                .isCloseTo(ellipse(Level.ONE_SIGMA, 1, 1, 0) / 2, Percentage.withPercentage(1));
        assertThat(half.lines(level)).hasSize(1).noneMatch(ContourLine::closed);
    }

    @Test
    void aPointWithoutProbabilityDoesNotDisturbItsNeighbours() {
        double[] x = linear(-5, 5, 41);
        double[][] logs = logs(x, x, gaussian(1, 1, 0));
        for (int i = 0; i < 41; i++) {
            logs[i][0] = Double.NEGATIVE_INFINITY;
            logs[i][40] = -1e300;
        }
        Density density = Density.ofLog(x, x, logs, 200);
        assertThat(density.highest()).isEqualTo(1);
        assertThat(density.areaAbove(density.level(Level.TWO_SIGMA).value()))
                .isCloseTo(ellipse(Level.TWO_SIGMA, 1, 1, 0), Percentage.withPercentage(1));
    }

    @Test
    void aPeakBetweenCliffsIsNotMadeHigher() {
        double[] x = {0, 1, 2, 3, 4};
        double[][] logs = logs(x, x, (a, b) -> a >= 1 && a <= 2 && b >= 1 && b <= 2 ? 0 : -1e6);
        assertThat(Density.ofLog(x, x, logs, 100).massAbove(0.999)).isCloseTo(1, within(0.01));
    }

    @Test
    void aFlatDensityEnclosesMoreThanWasAskedForAndSaysSo() {
        double[][] flat = {{1, 1}, {1, 1}};
        Density density = new Density(new double[] {0, 1}, new double[] {0, 1}, flat);
        Level level = density.level(Level.ONE_SIGMA);
        assertThat(level.enclosed()).isEqualTo(1);
    }

    @Test
    void whatIsNoDensityIsRefused() {
        double[] two = {0, 1};
        assertThatThrownBy(() -> new Density(new double[] {0}, two, new double[1][2]))
                .hasMessageContaining("at least 2");
        assertThatThrownBy(() -> new Density(new double[] {1, 0}, two, new double[2][2]))
                .hasMessageContaining("ascend");
        assertThatThrownBy(() -> new Density(two, two, new double[][] {{-1, 0}, {0, 0}}))
                .hasMessageContaining("-1.0");
        assertThatThrownBy(() -> new Density(two, two, new double[2][2]).level(0.5))
                .hasMessageContaining("0 everywhere");
    }

    @Test
    void aGridOfFourAxesIsIntegratedOverTheOtherTwo() {
        double[] x = linear(-7, 7, 29);
        double[] other = {2, -3, -1, 4, 0, 1, -4, -2, 3}; // in any order, as [grid] takes it
        double[] log = IntStream.range(0, 49)
                .mapToDouble(i -> Math.pow(10, -0.5 + i / 40.0))
                .toArray();
        double[] logs = new double[other.length * x.length * log.length * x.length];
        int at = 0;
        for (double a : other) {
            for (double b : x) {
                for (double c : log) {
                    for (double d : x) {
                        // b and d are correlated through what is integrated away
                        logs[at++] =
                                1e4 - 0.5 * (a * a + (b - a) * (b - a) + (c - 2) * (c - 2) / 0.04 + (d + a) * (d + a));
                    }
                }
            }
        }
        LogGrid grid = new LogGrid(new double[][] {other, x, log, x}, logs);
        Density density = grid.density(1, 3, 200);
        // b = a + n, d = -a + n': both of variance 2, covariance -1
        for (double mass : MASSES) {
            assertThat(density.areaAbove(density.level(mass).value()))
                    .isCloseTo(ellipse(mass, Math.sqrt(2), Math.sqrt(2), -0.5), Percentage.withPercentage(2));
        }
        Marginal marginal = grid.marginal(2, 200);
        double sum = 0;
        double mean = 0;
        for (int i = 1; i < marginal.x().length; i++) {
            double width = marginal.x()[i] - marginal.x()[i - 1];
            sum += width * (marginal.values()[i] + marginal.values()[i - 1]) / 2;
            mean += width
                    * (marginal.values()[i] * marginal.x()[i] + marginal.values()[i - 1] * marginal.x()[i - 1])
                    / 2;
        }
        assertThat(mean / sum).isCloseTo(2, within(0.01));
        assertThat(sum).isCloseTo(marginal.mass(), within(1e-12));
        assertThat(marginal.mass() / marginal.highest()).isCloseTo(0.2 * Math.sqrt(2 * Math.PI), within(0.005));
    }
}
