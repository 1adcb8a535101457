package org.astropool.job;

import java.util.List;
import org.astropool.task.ModelRow;
import org.astropool.task.Output;

/**
 * The outputs of all points in primitive arrays, so that 10^7 points fit into memory. Numbers are packed as in {@link
 * org.astropool.task.OutputRow}: a long as its raw bits, a boolean as 0 or 1.
 */
final class OutputColumns {
    private final List<Output> outputs;
    private final int[] offsets;
    private final double[][] numbers;
    private final String[][] strings;

    OutputColumns(List<Output> outputs, int points) {
        this.outputs = outputs;
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
        this.numbers = new double[numberCount][points];
        this.strings = new String[stringCount][points];
    }

    /** @param result of {@link org.astropool.task.ModelFunction}: {@code double[]}, or the bytes of a {@link ModelRow} */
    void set(int point, Object result) {
        if (result instanceof byte[] bytes) {
            ModelRow row = ModelRow.of(bytes);
            setNumbers(point, row.numbers());
            String[] values = row.strings();
            for (int i = 0; i < strings.length; i++) {
                strings[i][point] = values[i];
            }
        } else {
            setNumbers(point, (double[]) result);
        }
    }

    private void setNumbers(int point, double[] values) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i][point] = values[i];
        }
    }

    int position(String name) {
        for (int i = 0; i < offsets.length; i++) {
            if (outputs.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    Output output(int position) {
        return outputs.get(position);
    }

    double number(int position, int point) {
        return numbers[offsets[position]][point];
    }

    long integer(int position, int point) {
        return Double.doubleToRawLongBits(number(position, point));
    }

    boolean flag(int position, int point) {
        return number(position, point) != 0;
    }

    String string(int position, int point) {
        return strings[offsets[position]][point];
    }

    double[] vector(int position, int point) {
        double[] vector = new double[outputs.get(position).length()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = numbers[offsets[position] + i][point];
        }
        return vector;
    }
}
