package org.astropool.internal.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The networks are written by networks.py. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnnxModelTest {
    private static final String PYTHON = "/usr/bin/python3";

    @TempDir
    private static Path folder;

    private final OnnxModel model = new OnnxModel();

    @BeforeAll
    void writeNetworks() throws IOException, InterruptedException {
        Path script = folder.resolve("networks.py");
        try (InputStream in = OnnxModelTest.class.getResourceAsStream("networks.py")) {
            Files.copy(in, script);
        }
        Process python = new ProcessBuilder(PYTHON, script.toString(), folder.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean written = python.waitFor() == 0;
        // Where everything must run, a missing package is a failure.
        assumeTrue(written || "true".equals(System.getenv("CI")), "the package python3-onnx is not installed");
        assertThat(written).as(said).isTrue();
    }

    private ModelOptions options(String network, String inputs) {
        return ModelOptions.of(
                model, Map.of("file", folder.resolve(network + ".onnx").toString(), "inputs", inputs));
    }

    private List<String> names(ModelOptions options) {
        return model.parameters(options).stream().map(Parameter::name).toList();
    }

    @ParameterizedTest
    @CsvSource({"float", "double", "free-columns", "one-at-a-time", "flattened"})
    void aMatrixHasAColumnForEachParameter(String network) throws Exception {
        ModelOptions options = options(network, "a, b");

        assertThat(names(options)).containsExactly("a", "b");
        if (!network.equals("free-columns")) { // else the length of the output is unknown
            Output output = model.outputs(options).get(0);
            assertThat(output.type()).isEqualTo(Output.Type.DOUBLE_VECTOR);
            assertThat(output.length()).isEqualTo(2);
            assertThat(output.name()).isEqualTo(network.equals("flattened") ? "y_0_0" : "y");
            assertThat(model.batchSize(options)).isEqualTo(network.equals("one-at-a-time") ? 1 : 256);
            assertThat(OnnxRuntime.open(options.path("file"), OnnxModel.class.getClassLoader())
                            .run(new double[][] {{0.5, -2}})[0])
                    .containsExactly(0.5, -2);
        }
    }

    @Test
    void inputsWithNamesAreParameters() throws Exception {
        ModelOptions options = options("named", "ignored,names,of,axes");

        assertThat(names(options)).containsExactly("b", "a");
        assertThat(model.outputs(options))
                .extracting(Output::name, Output::type)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("output_1", Output.Type.DOUBLE));
        assertThat(OnnxRuntime.open(options.path("file"), OnnxModel.class.getClassLoader())
                        .run(new double[][] {{5, 1}, {3, 7}})[0])
                .containsExactly(4, -4);
    }

    @Test
    void oneColumnIsOneParameter() {
        assertThat(names(options("one-column", "a"))).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "string       | a,b   | input \"x\" (string, shape [?, 2]) must be of type float or double",
                "float16      | a,b   | input \"x\" (float16, shape [?, 2]) must be of type float or double",
                "int64        | a,b   | must be of type float or double",
                "cube         | a,b   | must have a row for each point and a column for each parameter",
                "fixed-points | a,b   | must have a row for each point and a column for each parameter",
                "float        | a,b,c | has a column for each of 2 parameters, but the job names 3 (a, b, c)",
                "float        | ''    | the job names 0 ()",
                "float        | a,A   | \"A\" cannot be the name of a parameter",
                "bad-name     | ''    | \"b:0\" cannot be the name of a parameter",
                "wide         | a,b   | must have one number for each point",
                "int-output   | a,b   | output \"y\" (int64, shape [?, 2]) must be of type float or double",
                "free-columns | a,b   | a known number of columns",
            })
    void aNetworkThatIsNoModelIsRefused(String network, String inputs, String problem) {
        ModelOptions options = options(network, inputs);

        assertThatThrownBy(() -> {
                    model.parameters(options);
                    model.outputs(options);
                })
                .isInstanceOf(OptionException.class)
                .hasMessageStartingWith(network + ".onnx: ")
                .hasMessageContaining(problem);
    }

    @Test
    void aBrokenFileIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("float.onnx"));
        Files.write(folder.resolve("cut.onnx"), java.util.Arrays.copyOf(whole, whole.length - 9));
        Files.writeString(folder.resolve("text.onnx"), "no network");
        Files.write(folder.resolve("empty.onnx"), new byte[0]);

        for (String name : List.of("cut", "text", "empty")) {
            assertThatThrownBy(() -> model.parameters(options(name, "a,b")))
                    .isInstanceOf(OptionException.class)
                    .hasMessageContaining(name + ".onnx cannot be used as a network: ")
                    .hasMessageContaining("export it again");
        }
    }
}
