package org.astropool.examples.supernova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PrecisionMatrixTest {
    private static final double[] RESIDUALS = {1, -2, 3};

    @Test
    void diagonalWeighsSquares() {
        PrecisionMatrix precision = PrecisionMatrix.ofErrors(new double[] {1, 0.5, 0.1});

        assertThat(precision.rowSums()).containsExactly(new double[] {1, 4, 100}, within(1e-12));
        assertThat(precision.quadraticForm(RESIDUALS)).isCloseTo(1 + 16 + 900, within(1e-12));
    }

    @Test
    void denseIsTheInverseOfTheCovariance() {
        PrecisionMatrix precision = PrecisionMatrix.ofCovariance(new double[] {2, 1, 0, 1, 2, 0, 0, 0, 4})
                .orElseThrow(); // the inverse is {2, -1, 0, -1, 2, 0, 0, 0, 0.75} / 3

        assertThat(precision.size()).isEqualTo(3);
        assertThat(precision.rowSums()).containsExactly(new double[] {1 / 3.0, 1 / 3.0, 0.25}, within(1e-15));
        assertThat(precision.quadraticForm(RESIDUALS)).isCloseTo((2 + 8 + 4) / 3.0 + 9 / 4.0, within(1e-14));
    }

    @Test
    void covarianceThatIsNotPositiveDefiniteHasNoInverse() {
        assertThat(PrecisionMatrix.ofCovariance(new double[] {1, 2, 2, 1})).isEmpty();
    }

    @Test
    void sparseCountsEveryElementAboveTheDiagonalTwice() {
        PrecisionMatrix precision = new PrecisionMatrix(
                3, new int[] {1, 0, 2, 0, 1}, new int[] {1, 2, 2, 0, 2}, new double[] {5, -1, 7, 3, 2});

        assertThat(precision.size()).isEqualTo(3);
        assertThat(precision.rowSums()).containsExactly(2, 7, 8);
        assertThat(precision.quadraticForm(RESIDUALS)).isEqualTo(3 + 20 + 63 - 6 - 24);
    }

    @Test
    void sparseMayHaveEmptyRows() {
        PrecisionMatrix precision =
                new PrecisionMatrix(3, new int[] {0, 1, 2}, new int[] {0, 1, 2}, new double[] {1, 2, 3});

        assertThat(precision.rowSums()).containsExactly(1, 2, 3);
        assertThat(precision.quadraticForm(RESIDUALS)).isEqualTo(1 + 8 + 27);
    }
}
