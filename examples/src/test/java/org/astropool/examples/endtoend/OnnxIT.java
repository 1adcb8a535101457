package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A network that examples/onnx/make_emulator.py writes, against the predictions of numpy. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnnxIT {
    private static final String JOB = """
            job.name = "emulator"
            [model]
            onnx = "emulator.onnx"
            [grid]
            omega_m = { from = 0.1, to = 0.6, count = 31 }
            w = { from = -1.5, to = -0.5, count = 21 }
            [output]
            formats = ["csv"]
            """;

    @TempDir
    private static Path temp;

    private Path job;

    @BeforeAll
    void makeNetwork() throws Exception {
        Process python = new ProcessBuilder(
                        TablesIT.PYTHON,
                        Command.CHECKOUT
                                .resolve("examples/onnx/make_emulator.py")
                                .toString(),
                        temp.toString())
                .inheritIO()
                .start();
        Needs.assume(python.waitFor() == 0, "the network cannot be made; install python3-onnx and python3-numpy");
        job = Files.writeString(temp.resolve("job.toml"), JOB);
    }

    private static String jar() throws Exception {
        return Path.of(OrtEnvironment.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
    }

    private static double[] numbers(String line, String separator) {
        return Stream.of(line.replaceAll("[\"\\[\\]]", "").split(separator))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private void assertNumbersOfNumpy(Path out) throws IOException {
        List<String> expected = Files.readAllLines(temp.resolve("expected.txt"));
        List<String> rows = Files.readAllLines(out.resolve("results.csv"));
        assertThat(rows).hasSize(31 * 21 + 1);
        for (int i = 0; i < expected.size(); i++) {
            String row = rows.get(i + 1);
            assertThat(row).endsWith(",ok");
            double[] found = numbers(row.substring(row.indexOf(',') + 1, row.lastIndexOf(',')), ",");
            double[] numpy = numbers(expected.get(i), " ");
            assertThat(found).hasSameSizeAs(numpy);
            for (int j = 0; j < found.length; j++) {
                assertThat(found[j]).isCloseTo(numpy[j], within(1e-6 * Math.max(1, Math.abs(numpy[j]))));
            }
        }
        assertThat(DoubleStream.of(numbers(expected.get(300), " ")).skip(2).allMatch(x -> x != 0))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"THREADS", "OPEN_MPI", "MPICH"})
    void aNetworkGivesTheNumbersOfNumpyInBatches(Way way) throws Exception {
        Path out = temp.resolve(way.name());

        way.run(job.toString(), "--out", out.toString(), "--set", "model.options.batch=10", "--class-path", jar())
                .run()
                .with(0);

        assertNumbersOfNumpy(out);
        assertThat(out.resolve("results.csv")).content().startsWith("index,omega_m,w,moduli,log_likelihood,status");
    }

    @Test
    void aNetworkWithNamedInputsGivesTheSame() throws Exception {
        Path out = temp.resolve("named");

        Command.astropool("run", job.toString(), "--out", out.toString(), "--set", "model.onnx=" + temp + "/named.onnx")
                .with("ASTROPOOL_CLASS_PATH", jar())
                .run()
                .with(0);

        assertNumbersOfNumpy(out);
    }

    @Test
    void withoutTheLibraryTheErrorSaysWhatToDownload() throws Exception {
        assertThat(Command.astropool(
                                "run",
                                job.toString(),
                                "--out",
                                temp.resolve("none").toString())
                        .run()
                        .with(2)
                        .err())
                .contains("job.toml line 2", "networks need ONNX Runtime", "onnxruntime-1.23.2.jar", "--class-path");
        assertThat(temp.resolve("none")).doesNotExist();
    }

    @Test
    void anotherNetworkIsAnotherModel() throws Exception {
        Path network = Files.copy(temp.resolve("emulator.onnx"), temp.resolve("changing.onnx"));
        String[] words = {
            "run",
            job.toString(),
            "--out",
            temp.resolve("changed").toString(),
            "--class-path",
            jar(),
            "--set",
            "model.onnx=" + network,
            "--resume"
        };
        Command.astropool(words).run().with(0);
        Files.copy(temp.resolve("named.onnx"), network, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(Command.astropool(words).run().with(2).err())
                .contains("data file changing.onnx", "--accept-model-changes");
        Files.delete(network);
        assertThat(Command.astropool(words).run().with(2).err())
                .contains("the data file " + network + " does not exist; check model.onnx");
    }
}
