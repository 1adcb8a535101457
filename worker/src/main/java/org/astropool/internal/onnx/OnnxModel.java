package org.astropool.internal.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.astropool.internal.model.UsesLibraries;
import org.astropool.internal.onnx.Network.Tensor;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.TaskContext;

/**
 * A network in a file as a model: {@code [model] onnx} of a job file. It has either one input, a matrix with a row per
 * point and a column per parameter, or one input per parameter, which has its name. Thread-safe.
 */
public final class OnnxModel implements Model, UsesLibraries {
    /** The option with the path of the network. */
    public static final String FILE = "file";
    /** The option with the names of the columns of a single input, separated by commas. */
    public static final String INPUTS = "inputs";

    private static final String BATCH = "batch";
    private static final long DEFAULT_BATCH = 256;
    private static final long MOST_BATCH = 1 << 20;
    private static final Set<String> TYPES = Set.of("float", "double");

    private final Map<Path, Network> networks = new ConcurrentHashMap<>();
    private volatile ClassLoader libraries = OnnxModel.class.getClassLoader();

    @Override
    public void libraries(ClassLoader newLibraries) {
        libraries = newLibraries;
    }

    @Override
    public String name() {
        return "onnx";
    }

    @Override
    public String description() {
        return "a network that was trained elsewhere";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(
                new ModelOption(FILE, ModelOption.Type.PATH, null, List.of(), "the file of the network"),
                new ModelOption(INPUTS, ModelOption.Type.STRING, "", List.of(), "the names of the parameters"),
                new ModelOption(
                        BATCH,
                        ModelOption.Type.INTEGER,
                        DEFAULT_BATCH,
                        List.of(),
                        "how many points are evaluated together, from 1 to " + MOST_BATCH));
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        return List.of(options.path(FILE));
    }

    private Network network(ModelOptions options) {
        Path file = options.path(FILE);
        synchronized (networks) {
            Network known = networks.get(file);
            if (known == null) {
                try {
                    known = OnnxRuntime.open(file, libraries);
                } catch (IOException e) {
                    throw problem(String.valueOf(e.getMessage()));
                }
                networks.put(file, known);
            }
            return known;
        }
    }

    private static OptionException problem(String message) {
        return new OptionException(FILE, message);
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        Network network = network(options);
        List<String> names = names(options, network.inputs());
        Set<String> distinct = new HashSet<>();
        List<Parameter> parameters = new ArrayList<>();
        for (String name : names) {
            if (!Parameter.isName(name) || !distinct.add(name.toLowerCase(Locale.ROOT))) {
                throw problem(
                        place(options) + "\"" + name + "\" cannot be the name of a parameter: names are different"
                                + " ones of letters, digits and _, beginning with a letter; rename the input when you export it");
            }
            parameters.add(new Parameter(
                    name, "", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, "input of the network"));
        }
        return parameters;
    }

    private static String place(ModelOptions options) {
        return options.path(FILE).getFileName() + ": ";
    }

    private static List<String> names(ModelOptions options, List<Tensor> inputs) {
        for (Tensor input : inputs) {
            if (!TYPES.contains(input.type())) {
                throw problem(place(options) + "input " + input + " must be of type float or double (32 or 64 bits)");
            }
            boolean isColumn = isPerPoint(input)
                    && (input.shape().size() == 1 || input.shape().get(1) == 1);
            if (inputs.size() > 1 && !isColumn) {
                throw problem(place(options) + "input " + input + " of " + inputs.size()
                        + " must have one number for each point: shape [?] or [?, 1]");
            }
        }
        if (inputs.size() != 1) {
            return inputs.stream().map(Tensor::name).toList();
        }
        Tensor input = inputs.get(0);
        if (!isPerPoint(input) || input.shape().size() > 2) {
            throw problem(place(options) + "input " + input
                    + " must have a row for each point and a column for each parameter: shape [?, parameters]");
        }
        List<String> given = Arrays.stream(options.string(INPUTS).split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        long columns = input.shape().size() == 1 ? 1 : input.shape().get(1);
        if (given.isEmpty() || (columns >= 0 && given.size() != columns)) {
            throw problem(place(options) + "input " + input + " has a column for each of "
                    + (columns < 0 ? "an unknown number of" : columns) + " parameters, but the job names "
                    + given.size()
                    + " (" + String.join(", ", given)
                    + "); name all of them in the order of the columns: inputs = [\"a\","
                    + " ...] in [model]");
        }
        return given;
    }

    /** Whether its first dimension is the points: of any number, or one at a time. */
    private static boolean isPerPoint(Tensor tensor) {
        return !tensor.shape().isEmpty()
                && (tensor.shape().get(0) == -1 || tensor.shape().get(0) == 1);
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        List<Output> outputs = new ArrayList<>();
        for (Tensor tensor : network(options).outputs()) {
            if (!TYPES.contains(tensor.type())) {
                throw problem(place(options) + "output " + tensor + " must be of type float or double (32 or 64 bits)");
            }
            long length = 1;
            boolean isKnown = isPerPoint(tensor);
            for (int i = 1; i < tensor.shape().size(); i++) {
                length *= tensor.shape().get(i);
                isKnown &= tensor.shape().get(i) > 0;
            }
            if (!isKnown || length > Integer.MAX_VALUE) {
                throw problem(
                        place(options) + "output " + tensor + " must have a row for each point, and a known number"
                                + " of columns: shape [?] or [?, columns]; export it with fixed dimensions");
            }
            boolean isVector = tensor.shape().size() > 1 && length > 1;
            outputs.add(new Output(
                    name(tensor.name()),
                    isVector ? Output.Type.DOUBLE_VECTOR : Output.Type.DOUBLE,
                    (int) length,
                    "",
                    "output of the network"));
        }
        return outputs;
    }

    /** Frameworks choose names like "dense/Relu:0" and "23". */
    private static String name(String tensor) {
        String cleaned = tensor.replaceAll("[^A-Za-z0-9_]", "_");
        return cleaned.matches("[A-Za-z].*") && Parameter.isName(cleaned) ? cleaned : "output_" + cleaned;
    }

    @Override
    public int batchSize(ModelOptions options) {
        long batch = options.integer(BATCH);
        if (batch < 1 || batch > MOST_BATCH) {
            throw new OptionException(BATCH, BATCH + " is " + batch + ", it must be from 1 to " + MOST_BATCH);
        }
        Network network = network(options);
        boolean isSingle = network.inputs().stream()
                        .anyMatch(input -> input.shape().get(0) == 1)
                || network.outputs().stream().anyMatch(output -> output.shape().get(0) == 1);
        return isSingle ? 1 : (int) batch;
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        return new NetworkEvaluator(network(options), outputs(options));
    }

    /** Evaluates the points of a batch together. Thread-safe. */
    private record NetworkEvaluator(Network network, List<Output> outputs) implements Evaluator {
        @Override
        public void evaluate(double[] point, OutputRow row, TaskContext context) throws Exception {
            evaluateBatch(new double[][] {point}, new OutputRow[] {row}, context);
        }

        @Override
        public void evaluateBatch(double[][] points, OutputRow[] rows, TaskContext context) throws Exception {
            double[][] numbers = network.run(points);
            for (int i = 0; i < outputs.size(); i++) {
                Output output = outputs.get(i);
                int length = output.length();
                if (numbers[i].length != length * points.length) {
                    throw new IllegalStateException("output " + output.name() + " has " + numbers[i].length
                            + " numbers for " + points.length + " points of " + length + " numbers each");
                }
                for (int p = 0; p < points.length; p++) {
                    if (output.type() == Output.Type.DOUBLE_VECTOR) {
                        rows[p].setVector(i, Arrays.copyOfRange(numbers[i], p * length, (p + 1) * length));
                    } else {
                        rows[p].set(i, numbers[i][p]);
                    }
                }
            }
        }
    }
}
