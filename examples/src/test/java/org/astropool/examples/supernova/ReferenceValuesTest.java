package org.astropool.examples.supernova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.astropool.task.Axis;
import org.astropool.task.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against numbers of an independent program (numpy, Gauss-Legendre for each supernova) on the published data. */
class ReferenceValuesTest {

    @ParameterizedTest
    @CsvSource({
        "union3, 22, 28.6579642366",
        "jla-binned, 31, 33.6469579522",
        "pantheon2018-binned, 40, 39.32747623",
        "pantheon2018, 1048, 1035.357961662",
        "union2.1, 580, 563.500378615",
        "pantheonplus, 1590, 704.939802291",
        "des-sn5yr-dovekie, 1820, 1709.8460296977",
        "des-sn5yr-dovekie-statvpec, 1820, 1697.3233237433"
    })
    void chi2OfOneUniverse(String dataSet, int supernovae, double chi2) throws IOException {
        HubbleDiagram diagram = DataSet.of(dataSet).read(PublishedData.folder());

        assertThat(diagram.precision().size()).isEqualTo(supernovae);
        assertThat(new HubbleDiagramLikelihood(diagram)
                        .fit(new Expansion(0.3, 0.7, -1))
                        .chi2())
                .isCloseTo(chi2, within(1e-8));
    }

    @ParameterizedTest
    @CsvSource({
        "pantheon2018-binned, 0.29735, 0.02176, 39.297929",
        "pantheon2018, 0.28540, 0.01249, 1033.950083",
        "union2.1, 0.27857, 0.01950, 562.226627",
        "pantheonplus, 0.35104, 0.01883, 697.296009"
    })
    void marginalOfFlatLcdm(String dataSet, double mean, double deviation, double minimum) throws IOException {
        Posterior posterior = Posterior.of(dataSet, Cosmology.FLAT_LCDM, new Grid(Axis.linear("omega_m", 0, 1, 1001)));

        assertThat(posterior.mean(0)).isCloseTo(mean, within(1e-5));
        assertThat(posterior.deviation(0)).isCloseTo(deviation, within(1e-5));
        assertThat(posterior.lowestChi2()).isCloseTo(minimum, within(1e-6));
    }

    @Test
    void marginalsOfFlatWcdm() throws IOException {
        Posterior posterior = Posterior.of(
                "pantheon2018-binned",
                Cosmology.FLAT_WCDM,
                new Grid(Axis.linear("omega_m", 0, 0.6, 41), Axis.linear("w", -2, -0.4, 41)));

        assertThat(posterior.mean(0)).isCloseTo(0.3137, within(1e-4));
        assertThat(posterior.deviation(0)).isCloseTo(0.0753, within(1e-4));
        assertThat(posterior.mean(1)).isCloseTo(-1.0903, within(1e-4));
        assertThat(posterior.deviation(1)).isCloseTo(0.2203, within(1e-4));
        assertThat(posterior.lowestChi2()).isCloseTo(39.20710, within(1e-5));
    }

    /** A flat prior over the box of a grid. */
    private record Posterior(HubbleDiagramLikelihood likelihood, Cosmology cosmology, Grid grid, double[] chi2) {

        static Posterior of(String dataSet, Cosmology cosmology, Grid grid) throws IOException {
            return of(new HubbleDiagramLikelihood(DataSet.of(dataSet).read(PublishedData.folder())), cosmology, grid);
        }

        private static Posterior of(HubbleDiagramLikelihood likelihood, Cosmology cosmology, Grid grid) {
            double[] chi2 = new double[(int) grid.size()];
            Arrays.setAll(
                    chi2,
                    i -> likelihood.fit(cosmology.expansion(grid.point(i))).chi2());
            return new Posterior(likelihood, cosmology, grid, chi2);
        }

        double mean(int axis) {
            return moment(axis, 0, 1);
        }

        double deviation(int axis) {
            return Math.sqrt(moment(axis, mean(axis), 2));
        }

        private double moment(int axis, double about, int power) {
            double lowest = chi2[best()];
            double weights = 0;
            double sum = 0;
            for (int i = 0; i < chi2.length; i++) {
                double weight = Math.exp((lowest - chi2[i]) / 2);
                weights += weight;
                sum += weight * Math.pow(grid.point(i)[axis] - about, power);
            }
            return sum / weights;
        }

        /** The minimum between the points, too: by finer grids about the best point. */
        double lowestChi2() {
            Posterior finer = this;
            for (int i = 0; i < 5; i++) {
                finer = of(likelihood, cosmology, finer.gridAboutBest());
            }
            return finer.chi2[finer.best()];
        }

        private int best() {
            int best = 0;
            for (int i = 1; i < chi2.length; i++) {
                best = chi2[i] < chi2[best] ? i : best;
            }
            return best;
        }

        private Grid gridAboutBest() {
            double[] point = grid.point(best());
            List<Axis> finer = new ArrayList<>();
            for (int a = 0; a < point.length; a++) {
                double step = grid.axes().get(a).value(1) - grid.axes().get(a).value(0);
                finer.add(Axis.linear(grid.axes().get(a).name(), point[a] - 2 * step, point[a] + 2 * step, 41));
            }
            return new Grid(finer);
        }
    }
}
