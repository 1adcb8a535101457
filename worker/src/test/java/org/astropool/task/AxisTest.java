package org.astropool.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AxisTest {
    private static final String PYTHON = "/usr/bin/python3";
    private static final List<Axis> AXES = List.of(
            Axis.linear("a", 0, 0.6, 41),
            Axis.linear("a", -2, -0.4, 41),
            Axis.linear("a", 0, 1, 1001),
            Axis.linear("a", -1e-3, 7.7e5, 997),
            Axis.linear("a", 0.1, 0.1, 1),
            Axis.linear("a", 1, 1 + 1e-12, 77));

    @Test
    void linearAxesAreNumpyLinspaceToTheBit() throws Exception {
        assumeTrue(hasNumpy() || "true".equals(System.getenv("CI")), "numpy is not installed");
        for (Axis axis : AXES) {
            String call =
                    "numpy.linspace(" + axis.value(0) + "," + axis.value(axis.count() - 1) + "," + axis.count() + ")";

            String bits = python("import numpy; print(' '.join(v.hex() for v in " + call + ".tolist()))");

            assertThat(Arrays.stream(axis.values())
                            .mapToObj(AxisTest::pythonHex)
                            .collect(Collectors.joining(" ")))
                    .isEqualTo(bits);
        }
    }

    private static boolean hasNumpy() throws Exception {
        return new ProcessBuilder(PYTHON, "-c", "import numpy")
                        .redirectErrorStream(true)
                        .start()
                        .waitFor()
                == 0;
    }

    private static String python(String program) throws IOException {
        Process process = new ProcessBuilder(PYTHON, "-c", program).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    }

    /** As Python's float.hex: all 13 hexadecimal digits of the fraction, and a sign in the exponent. */
    private static String pythonHex(double value) {
        String[] parts = Double.toHexString(value).split("p");
        int point = parts[0].indexOf('.') + 1;
        String fraction = parts[0].substring(point);
        String padded = value == 0 ? fraction : fraction + "0".repeat(13 - fraction.length());
        return parts[0].substring(0, point) + padded + "p" + (parts[1].startsWith("-") ? "" : "+") + parts[1];
    }

    @Test
    void aLogAxisHasExactEnds() {
        Axis axis = Axis.log("k", 1e-3, 0.3, 7);

        assertThat(axis.value(0)).isEqualTo(1e-3);
        assertThat(axis.value(6)).isEqualTo(0.3);
        assertThat(axis.value(3)).isCloseTo(Math.sqrt(1e-3 * 0.3), org.assertj.core.data.Offset.offset(1e-15));
    }

    @Test
    void impossibleAxesAreRefused() {
        assertThatThrownBy(() -> Axis.linear("w", 0, 1, 0)).hasMessageContaining("count is 0");
        assertThatThrownBy(() -> Axis.linear("w", 1, 0, 5)).hasMessageContaining("from 1.0 is above to 0.0");
        assertThatThrownBy(() -> Axis.linear("w", 0, 1, 1)).hasMessageContaining("count = 1");
        assertThatThrownBy(() -> Axis.linear("w", Double.NaN, 1, 3)).hasMessageContaining("finite");
        assertThatThrownBy(() -> Axis.log("w", 0, 1, 3)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> Axis.of("w")).hasMessageContaining("no values");
        assertThatThrownBy(() -> Axis.of("ap_w", 1)).hasMessageContaining("astropool's own");
    }

    @Test
    void anAxisThatHasAValueTwiceIsRefused() {
        assertThatThrownBy(() -> Axis.of("w", 0, 1, 1, 1, 1)).hasMessageContaining("1.0 is given more than once");
        assertThatThrownBy(() -> Axis.of("w", 1, 2, 1)).hasMessageContaining("1.0 is given more than once");
        assertThatThrownBy(() -> Axis.of("w", 0.0, 1, -0.0)).hasMessageContaining("0.0 is given more than once");
        assertThatThrownBy(() -> Axis.linear("w", 1, 1, 3)).hasMessageContaining("from = to count = 1");
        assertThatThrownBy(() -> Axis.linear("w", -0.0, 0.0, 2)).hasMessageContaining("from = to count = 1");
        assertThatThrownBy(() -> Axis.log("w", 2, 2, 2)).hasMessageContaining("from = to count = 1");
        assertThatThrownBy(() -> Axis.linear("w", 1, Math.nextUp(1.0), 3))
                .hasMessageContaining("too close to each other");
        assertThatThrownBy(() -> Axis.linear("w", 1e16, 1e16 + 20, 21)).hasMessageContaining("too close to each other");
        assertThatThrownBy(() -> Axis.linear("w", 0, Double.MIN_VALUE, 3))
                .hasMessageContaining("too close to each other");
        assertThatThrownBy(() -> Axis.log("w", 1, 1 + 1e-15, 20)).hasMessageContaining("too close to each other");
        assertThatThrownBy(() -> Axis.log("w", 1e300, 1e300 * (1 + 1e-12), 50))
                .hasMessageContaining("too close to each other");
        assertThatThrownBy(() -> Axis.log("w", Double.MIN_VALUE, 5 * Double.MIN_VALUE, 9))
                .hasMessageContaining("too close to each other");
        assertThatThrownBy(() -> Axis.linear("w", -1e308, 1e308, 3)).hasMessageContaining("farther than the largest");
    }

    /** Random spans, down to where doubles end: an axis either has different values or is refused. Prints its seed. */
    @Test
    void everyAxisThatIsNotRefusedRises() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            double from = (random.nextDouble() - (i % 2 == 0 ? 0 : 0.5)) * Math.pow(10, random.nextInt(-320, 300));
            double to = from + Math.abs(from) * Math.pow(10, random.nextInt(-17, 2)) * random.nextDouble();
            int count = random.nextInt(1, 100);
            try {
                Axis axis = i % 2 == 0 ? Axis.log("w", from, to, count) : Axis.linear("w", from, to, count);
                double[] values = axis.values();
                for (int k = 1; k < count; k++) {
                    assertThat(values[k]).as("value %d of %s", k, axis).isGreaterThan(values[k - 1]);
                }
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1000, 15_000);
    }

    @Test
    void theLastAxisOfAGridVariesFastest() {
        Grid grid = new Grid(Axis.of("a", 1, 2), Axis.of("b", 10, 20, 30));

        assertThat(grid.size()).isEqualTo(6);
        assertThat(grid.point(0)).containsExactly(1, 10);
        assertThat(grid.point(1)).containsExactly(1, 20);
        assertThat(grid.point(5)).containsExactly(2, 30);
        assertThatThrownBy(() -> new Grid(Axis.of("a", 1), Axis.of("A", 2))).hasMessageContaining("given twice");
    }

    @Test
    void anAxisOfManyValuesCostsNothing() {
        Axis axis = Axis.linear("a", 0, 1, Integer.MAX_VALUE);

        assertThat(axis.value(Integer.MAX_VALUE - 1)).isEqualTo(1);
        assertThat(new Grid(axis, Axis.linear("b", 0, 1, Integer.MAX_VALUE)).size())
                .isPositive();
    }
}
