package org.astropool.examples.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The programs of this package, as their users start them. */
class ProgramsTest {

    @Test
    void lookbackTimesAreThoseOfTheTextbook() throws Exception {
        List<String> lines = outputOf(LookbackTimes::main, "");

        assertThat(lines).hasSize(11).startsWith("z = 0.0: 0.0 Gyr");
        assertThat(lines.get(2)).startsWith("z = 1.0: 7.7"); // astropy: 7.715 Gyr
    }

    @Test
    void lineIdentificationReportsLinesAndFailuresInOrder() throws Exception {
        List<String> lines = outputOf(LineIdentification::main, "4860\nnonsense\n6563.1\n");

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).isEqualTo("4860: H beta");
        assertThat(lines.get(1)).startsWith("Failed").contains("nonsense");
        assertThat(lines.get(2)).isEqualTo("6563.1: H alpha");
    }

    @Test
    void periodSearchFindsThePeriod() throws Exception {
        List<String> lines = outputOf(PeriodSearch::main, "");

        assertThat(lines).hasSize(1);
        assertThat(Double.parseDouble(lines.get(0).split(" ")[1])).isCloseTo(0.7, within(1e-3));
    }

    @FunctionalInterface
    private interface Program {
        void run(String... args) throws Exception;
    }

    private static List<String> outputOf(Program program, String input) throws Exception {
        InputStream in = System.in;
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setIn(new ByteArrayInputStream(input.getBytes(UTF_8)));
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            program.run();
        } finally {
            System.setIn(in);
            System.setOut(out);
        }
        return printed.toString(UTF_8).lines().toList();
    }
}
