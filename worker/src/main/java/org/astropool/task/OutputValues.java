package org.astropool.task;

import java.util.Arrays;
import java.util.List;

/** The outputs of a model at one point, by their names. Immutable. */
public final class OutputValues {
    private final List<Output> outputs;
    private final double[] numbers;
    private final String[] strings;

    /**
     * @param numbers as {@link OutputRow#numbers}
     * @param strings as {@link OutputRow#strings}
     */
    public OutputValues(List<Output> outputs, double[] numbers, String[] strings) {
        this.outputs = List.copyOf(outputs);
        this.numbers = numbers.clone();
        this.strings = strings.clone();
    }

    /** The declared outputs. */
    public List<Output> outputs() {
        return outputs;
    }

    /**
     * An output of type double.
     *
     * @throws IllegalArgumentException here and below, when the model has no output of this name and type
     */
    public double number(String name) {
        return numbers[offset(name, Output.Type.DOUBLE)];
    }

    /** An output of type long. */
    public long integer(String name) {
        return Double.doubleToRawLongBits(numbers[offset(name, Output.Type.LONG)]);
    }

    /** An output of type boolean. */
    public boolean flag(String name) {
        return numbers[offset(name, Output.Type.BOOLEAN)] != 0;
    }

    /** An output of type string. */
    public String string(String name) {
        return strings[offset(name, Output.Type.STRING)];
    }

    /** A copy of an output that is a vector. */
    public double[] vector(String name) {
        int offset = offset(name, Output.Type.DOUBLE_VECTOR);
        return Arrays.copyOfRange(numbers, offset, offset + output(name).length());
    }

    private Output output(String name) {
        return outputs.stream()
                .filter(output -> output.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the model has no output \"" + name + "\"; it has "
                        + outputs.stream().map(Output::name).toList()));
    }

    private int offset(String name, Output.Type type) {
        Output wanted = output(name);
        if (wanted.type() != type) {
            throw new IllegalArgumentException("output " + name + " is declared as " + wanted.type() + ", not " + type);
        }
        boolean isString = type == Output.Type.STRING;
        int offset = 0;
        for (Output output : outputs) {
            if (output.name().equals(name)) {
                break;
            }
            if (isString == (output.type() == Output.Type.STRING)) {
                offset += output.length();
            }
        }
        return offset;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OutputValues values
                && outputs.equals(values.outputs)
                && Arrays.equals(numbers, values.numbers)
                && Arrays.equals(strings, values.strings);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(numbers) + Arrays.hashCode(strings);
    }
}
