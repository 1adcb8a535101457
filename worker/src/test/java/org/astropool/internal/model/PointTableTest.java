package org.astropool.internal.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.astropool.internal.protocol.Serialization;
import org.junit.jupiter.api.Test;

class PointTableTest {

    @Test
    void aTableOfAnySizeTravels() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int size : new int[] {0, 1, 4095, 4096, 4097, 10_000}) {
            double[] x = random.doubles(size).toArray();
            double[] y = random.doubles(size).map(value -> 1 / value).toArray();

            assertThat(sent(new PointTable(List.of("x", "y"), new double[][] {x, y})))
                    .isEqualTo(new PointTable(List.of("x", "y"), new double[][] {x, y}));
        }
    }

    @Test
    void rowsWithoutParametersTravel() throws Exception {
        assertThat(sent(PointTable.ofRows(7))).isEqualTo(PointTable.ofRows(7));
    }

    private static Object sent(PointTable table) throws Exception {
        return new Serialization(PointTableTest.class.getClassLoader()).read(Serialization.write(table));
    }
}
