package org.astropool.internal.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A session of ONNX Runtime. The only class that mentions the library: {@link OnnxRuntime} loads it. Thread-safe. */
public final class OnnxNetwork implements Network {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final List<Tensor> inputs;
    private final List<Tensor> outputs;

    /** @throws OrtException when the file is no network, or one that the library does not support */
    public OnnxNetwork(Path file) throws OrtException {
        environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1); // the slots of the pool share the processors
            options.setInterOpNumThreads(1);
            session = environment.createSession(file.toString(), options);
        }
        inputs = tensors(session.getInputInfo());
        outputs = tensors(session.getOutputInfo());
    }

    private static List<Tensor> tensors(Map<String, NodeInfo> nodes) {
        List<Tensor> tensors = new ArrayList<>();
        nodes.forEach((name, node) -> {
            if (node.getInfo() instanceof TensorInfo info) {
                String type = info.type.name().toLowerCase(Locale.ROOT);
                tensors.add(new Tensor(
                        name, type, Arrays.stream(info.getShape()).boxed().toList()));
            } else {
                tensors.add(new Tensor(name, node.getInfo().getClass().getSimpleName(), List.of()));
            }
        });
        return List.copyOf(tensors);
    }

    @Override
    public List<Tensor> inputs() {
        return inputs;
    }

    @Override
    public List<Tensor> outputs() {
        return outputs;
    }

    @Override
    public double[][] run(double[][] points) throws OrtException {
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        try {
            for (int i = 0; i < inputs.size(); i++) {
                Tensor input = inputs.get(i);
                int first = inputs.size() == 1 ? 0 : i;
                int columns = inputs.size() == 1 ? points[0].length : 1;
                long[] shape =
                        input.shape().size() == 1 ? new long[] {points.length} : new long[] {points.length, columns};
                given.put(input.name(), tensor(input, points, first, columns, shape));
            }
            try (OrtSession.Result result = session.run(given)) {
                double[][] numbers = new double[outputs.size()][];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = numbers(result.get(i));
                }
                return numbers;
            }
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(Tensor input, double[][] points, int first, int columns, long[] shape)
            throws OrtException {
        if (input.type().equals("double")) {
            DoubleBuffer numbers = DoubleBuffer.allocate(points.length * columns);
            for (double[] point : points) {
                numbers.put(point, first, columns);
            }
            return OnnxTensor.createTensor(environment, numbers.flip(), shape);
        }
        FloatBuffer numbers = FloatBuffer.allocate(points.length * columns);
        for (double[] point : points) {
            for (int i = 0; i < columns; i++) {
                numbers.put((float) point[first + i]);
            }
        }
        return OnnxTensor.createTensor(environment, numbers.flip(), shape);
    }

    private static double[] numbers(OnnxValue value) {
        OnnxTensor tensor = (OnnxTensor) value;
        if (tensor.getInfo().type == OnnxJavaType.DOUBLE) {
            DoubleBuffer buffer = tensor.getDoubleBuffer();
            double[] numbers = new double[buffer.remaining()];
            buffer.get(numbers);
            return numbers;
        }
        FloatBuffer buffer = tensor.getFloatBuffer();
        double[] numbers = new double[buffer.remaining()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = buffer.get(i);
        }
        return numbers;
    }
}
