package org.astropool.internal.job.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.astropool.internal.job.config.JobFile;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PointReaderTest {
    private static final String UNREADABLE = "unreadable";
    /** A blank of JSON that is left to the JSON parser. */
    private static final String FOR_THE_PARSER = "\t";

    @TempDir
    private Path temp;

    private PointReader reader() throws Exception {
        Path file = Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "reader"
                [model]
                name = "sample"
                [grid]
                b = { from = 0, to = 1, count = 2 }
                a = { from = 0, to = 1, count = 3 }
                """);
        return new PointReader(EvaluationSpec.of(JobFile.read(file, List.of(), Map.of())));
    }

    private static String read(PointReader reader, String line) {
        try {
            return reader.points(line).stream()
                    .map(json -> DoubleStream.of(reader.point(json))
                            .map(value -> value == 0 ? 0 : value) // -0 is a whole number to the parser
                            .boxed()
                            .toList())
                    .toList()
                    .toString();
        } catch (IllegalArgumentException e) {
            return UNREADABLE;
        }
    }

    @Test
    void valuesInTheOrderOfTheAxesAreReturnedInThatOfTheParameters() throws Exception {
        assertThat(read(reader(), "[1, -2.5e-3]")).isEqualTo("[[-0.0025, 1.0]]");
        assertThat(read(reader(), "[[1, 2], [3.0,4]] ")).isEqualTo("[[2.0, 1.0], [4.0, 3.0]]");
        assertThat(read(reader(), "[{\"b\": 1, \"a\": 2}, [3, 4]]")).isEqualTo("[[2.0, 1.0], [4.0, 3.0]]");
    }

    @Test
    void linesOfNumbersAreReadAsTheJsonParserReadsThem() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        String letters = "[],.-+eE0123 \"{";
        PointReader reader = reader();
        int readable = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder line = new StringBuilder(random.nextBoolean() ? "[[1.0, -2e5], [0.25, 3]]" : "[-0.5e-3, 10]");
            for (int change = random.nextInt(4); change > 0; change--) {
                int at = random.nextInt(line.length());
                if (random.nextBoolean()) {
                    line.deleteCharAt(at);
                }
                line.insert(at, letters.charAt(random.nextInt(letters.length())));
            }
            String found = read(reader, line.toString());
            assertThat(found).as("%s, seed %d", line, seed).isEqualTo(read(reader, FOR_THE_PARSER + line));
            readable += found.equals(UNREADABLE) ? 0 : 1;
        }
        assertThat(readable).isBetween(2_000, 18_000);
    }
}
