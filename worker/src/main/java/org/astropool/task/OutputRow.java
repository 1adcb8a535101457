package org.astropool.task;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the outputs of one point, by position in the order of {@link Model#outputs}. Confined to the thread that
 * evaluates the point.
 *
 * <p>Stored as it is sent: numbers in one {@code double[]} (a long as its raw bits, a boolean as 0 or 1, a vector as n
 * elements), strings beside them.
 */
public final class OutputRow {
    private final List<Output> outputs;
    private final int[] offsets;
    private final double[] numbers;
    private final String[] strings;
    private final boolean[] isSet;
    private @Nullable String skipReason;
    private @Nullable ProgramException failure;

    /** An empty row. */
    public OutputRow(List<Output> outputs) {
        this.outputs = List.copyOf(outputs);
        this.offsets = new int[outputs.size()];
        int numberCount = 0;
        int stringCount = 0;
        for (int i = 0; i < offsets.length; i++) {
            Output output = outputs.get(i);
            if (output.type() == Output.Type.STRING) {
                offsets[i] = stringCount++;
            } else {
                offsets[i] = numberCount;
                numberCount += output.length();
            }
        }
        this.numbers = new double[numberCount];
        this.strings = new String[stringCount];
        this.isSet = new boolean[offsets.length];
    }

    public void set(int output, double value) {
        numbers[slot(output, Output.Type.DOUBLE)] = value;
    }

    public void setLong(int output, long value) {
        numbers[slot(output, Output.Type.LONG)] = Double.longBitsToDouble(value);
    }

    public void setBoolean(int output, boolean value) {
        numbers[slot(output, Output.Type.BOOLEAN)] = value ? 1 : 0;
    }

    public void setString(int output, String value) {
        strings[slot(output, Output.Type.STRING)] = value;
    }

    /** @param value of the declared length; copied */
    public void setVector(int output, double[] value) {
        int offset = slot(output, Output.Type.DOUBLE_VECTOR);
        Output declared = outputs.get(output);
        if (value.length != declared.length()) {
            throw new IllegalArgumentException("output " + declared.name() + ": " + value.length
                    + " elements, but the model declares " + declared.length());
        }
        System.arraycopy(value, 0, numbers, offset, value.length);
    }

    /** The model does not apply at this point: no failure. Within a batch this skips one point alone. */
    public void skip(String reason) {
        skipReason = reason;
    }

    /** The point fails. Within a batch this fails one point alone. */
    public void fail(ProgramException why) {
        failure = why;
    }

    private int slot(int output, Output.Type type) {
        Output declared = outputs.get(output);
        if (declared.type() != type) {
            throw new IllegalArgumentException(
                    "output " + declared.name() + " is declared as " + declared.type() + ", not " + type);
        }
        isSet[output] = true;
        return offsets[output];
    }

    /** Why the point was skipped, or null. */
    public @Nullable String skipReason() {
        return skipReason;
    }

    /** Why the point failed, or null. */
    @Nullable
    public ProgramException failure() {
        return failure;
    }

    /** The name of an output that was not set, or null. */
    public @Nullable String missing() {
        for (int i = 0; i < isSet.length; i++) {
            if (!isSet[i]) {
                return outputs.get(i).name();
            }
        }
        return null;
    }

    /** Why the point failed or was skipped, or which output is missing; null when all outputs are set. */
    public @Nullable String problem() {
        if (failure != null) {
            return failure.getMessage();
        }
        if (skipReason != null) {
            return "skipped: " + skipReason;
        }
        String missing = missing();
        return missing == null ? null : "the model did not set its output \"" + missing + "\"";
    }

    /** The last output of a program that failed, or "". */
    public String lastWords() {
        return failure == null ? "" : failure.lastWords();
    }

    /** The value of an output that was set: Double, Long, Boolean, String or a list of Double. */
    public Object value(int output) {
        Output declared = outputs.get(output);
        int offset = offsets[output];
        return switch (declared.type()) {
            case DOUBLE -> numbers[offset];
            case LONG -> Double.doubleToRawLongBits(numbers[offset]);
            case BOOLEAN -> numbers[offset] != 0;
            case STRING -> strings[offset];
            case DOUBLE_VECTOR ->
                Arrays.stream(numbers, offset, offset + declared.length())
                        .boxed()
                        .toList();
        };
    }

    /** A copy of the packed numbers. */
    public double[] numbers() {
        return numbers.clone();
    }

    /** A copy of the strings, in declared order. */
    public String[] strings() {
        return strings.clone();
    }

    /** Makes the row empty, to be used again. */
    public void clear() {
        Arrays.fill(numbers, 0);
        Arrays.fill(strings, null);
        Arrays.fill(isSet, false);
        skipReason = null;
        failure = null;
    }
}
