package org.astropool.internal.onnx;

import java.util.List;

/** A network that was loaded. Public, since its implementation may be loaded by another class loader. Thread-safe. */
public interface Network {

    /**
     * An input or an output.
     *
     * @param type "float", "double", or another one, in lower case
     * @param shape the length of each dimension, -1 where it may vary
     */
    record Tensor(String name, String type, List<Long> shape) {
        @Override
        public String toString() {
            return "\"" + name + "\" (" + type + ", shape "
                    + shape.stream()
                            .map(length -> length < 0 ? "?" : length.toString())
                            .toList() + ")";
        }
    }

    List<Tensor> inputs();

    List<Tensor> outputs();

    /**
     * Evaluates points together, on the calling thread.
     *
     * @param points one row per point; a column for each column of a single input, or for each input
     * @return for each output its numbers, those of a point together
     * @throws Exception when the network fails
     */
    double[][] run(double[][] points) throws Exception;
}
