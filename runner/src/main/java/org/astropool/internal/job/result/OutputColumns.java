package org.astropool.internal.job.result;

import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.astropool.internal.job.plan.PointPages;
import org.astropool.internal.model.ModelRow;
import org.astropool.task.Output;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of all points in primitive arrays, so that 10^7 points fit into memory. Numbers are packed as in
 * {@link org.astropool.task.OutputRow}: a long as its raw bits, a boolean as 0 or 1. Outputs that are too large for the
 * memory are left where they are, and read from there.
 */
public final class OutputColumns {
    private static final double[] NONE = {};

    private final List<Output> outputs;
    private final int[] offsets;
    private final int numberCount;
    private final int stringCount;
    private final PointPages layout;
    private final @Nullable Page[] pages;
    /** By output: whether it is in memory. */
    private final BitSet held;

    private final @Nullable OutputSource elsewhere;

    /** @param numbers and strings by column, then by position in the page; columns that are elsewhere are empty */
    private record Page(double[][] numbers, String[][] strings) {}

    /** Holds all outputs in memory. */
    public OutputColumns(List<Output> outputs, int points) {
        this(outputs, points, all(outputs), null);
    }

    private static BitSet all(List<Output> outputs) {
        BitSet all = new BitSet();
        all.set(0, outputs.size());
        return all;
    }

    /**
     * @param held the positions of the outputs that are held in memory
     * @param elsewhere has the others; null if there are none
     */
    OutputColumns(List<Output> outputs, int points, BitSet held, @Nullable OutputSource elsewhere) {
        this.outputs = outputs;
        this.held = held;
        this.elsewhere = elsewhere;
        this.offsets = new int[outputs.size()];
        int numbers = 0;
        int strings = 0;
        for (int i = 0; i < offsets.length; i++) {
            Output output = outputs.get(i);
            if (output.type() == Output.Type.STRING) {
                offsets[i] = strings++;
            } else {
                offsets[i] = numbers;
                numbers = Math.addExact(numbers, output.length());
            }
        }
        this.numberCount = numbers;
        this.stringCount = strings;
        this.layout = new PointPages(
                points, Math.max(1, heldNumbers().cardinality() + heldStrings().cardinality()));
        this.pages = new Page[layout.count()];
    }

    private BitSet heldNumbers() {
        BitSet columns = new BitSet();
        held.stream()
                .filter(i -> outputs.get(i).type() != Output.Type.STRING)
                .forEach(
                        i -> columns.set(offsets[i], offsets[i] + outputs.get(i).length()));
        return columns;
    }

    private BitSet heldStrings() {
        BitSet columns = new BitSet();
        held.stream().filter(i -> outputs.get(i).type() == Output.Type.STRING).forEach(i -> columns.set(offsets[i]));
        return columns;
    }

    /** Whether an output is in memory, so that reading it costs almost nothing. */
    boolean isHeld(int position) {
        return held.get(position);
    }

    /**
     * Checks a result that comes from a file.
     *
     * @throws IllegalArgumentException when it does not fit the outputs
     */
    void check(@Nullable Object result) {
        if (result instanceof byte[] bytes) {
            ModelRow row = ModelRow.of(bytes);
            check(row.numbers().length, row.strings().length);
        } else if (result instanceof double[] numbers) {
            check(numbers.length, 0);
        } else {
            throw new IllegalArgumentException("a point without outputs");
        }
    }

    private void check(int numbers, int strings) {
        boolean areUnknown = outputs.isEmpty();
        if (!areUnknown && (numbers != numberCount || strings != stringCount)) {
            throw new IllegalArgumentException("a point with " + numbers + " numbers and " + strings
                    + " strings; the outputs of the model are " + numberCount + " and " + stringCount);
        }
    }

    /**
     * @param result of {@link org.astropool.internal.model.ModelFunction}: {@code double[]}, or the bytes of a
     *     {@link ModelRow}
     */
    public void set(int point, Object result) {
        Page page = pages[layout.page(point)];
        if (page == null) {
            page = new Page(new double[numberCount][], new String[stringCount][]);
            for (int column : heldNumbers().stream().toArray()) {
                page.numbers[column] = new double[layout.size()];
            }
            for (int column : heldStrings().stream().toArray()) {
                page.strings[column] = new String[layout.size()];
            }
            pages[layout.page(point)] = page;
        }
        int place = layout.place(point);
        if (result instanceof byte[] bytes) {
            ModelRow row = ModelRow.of(bytes);
            set(page, place, row.numbers());
            for (int i = 0; i < stringCount; i++) {
                if (page.strings[i] != null) {
                    page.strings[i][place] = row.strings()[i];
                }
            }
        } else {
            set(page, place, (double[]) result);
        }
    }

    private void set(Page page, int place, double[] values) {
        for (int i = 0; i < numberCount; i++) {
            if (page.numbers[i] != null) {
                page.numbers[i][place] = values[i];
            }
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

    public Output output(int position) {
        return outputs.get(position);
    }

    /** The number of a point that was set. The following methods have the same condition. */
    public double number(int position, int point) {
        return isHeld(position)
                ? page(point).numbers[offsets[position]][layout.place(point)]
                : numbersElsewhere(point)[offsets[position]];
    }

    public long integer(int position, int point) {
        return Double.doubleToRawLongBits(number(position, point));
    }

    public boolean flag(int position, int point) {
        return number(position, point) != 0;
    }

    public String string(int position, int point) {
        return isHeld(position)
                ? page(point).strings[offsets[position]][layout.place(point)]
                : ModelRow.of((byte[]) outputsElsewhere(point)).strings()[offsets[position]];
    }

    public double[] vector(int position, int point) {
        double[] vector = new double[outputs.get(position).length()];
        copy(position, point, isHeld(position) ? NONE : numbersElsewhere(point), vector, 0);
        return vector;
    }

    /** All outputs that are not strings, in their order, as numbers: a long is rounded, a boolean is 0 or 1. */
    double[] numbers(int point) {
        double[] all = new double[numberCount];
        double[] others = held.cardinality() == outputs.size() ? NONE : numbersElsewhere(point);
        for (int i = 0; i < offsets.length; i++) {
            if (outputs.get(i).type() != Output.Type.STRING) {
                copy(i, point, others, all, offsets[i]);
            }
            if (outputs.get(i).type() == Output.Type.LONG) {
                all[offsets[i]] = Double.doubleToRawLongBits(all[offsets[i]]);
            }
        }
        return all;
    }

    private void copy(int position, int point, double[] others, double[] into, int at) {
        int length = outputs.get(position).length();
        if (!isHeld(position)) {
            System.arraycopy(others, offsets[position], into, at, length);
            return;
        }
        double[][] columns = page(point).numbers;
        int place = layout.place(point);
        for (int i = 0; i < length; i++) {
            into[at + i] = columns[offsets[position] + i][place];
        }
    }

    private Object outputsElsewhere(int point) {
        return Objects.requireNonNull(elsewhere, "all outputs are in memory").outputs(point);
    }

    private double[] numbersElsewhere(int point) {
        Object result = outputsElsewhere(point);
        return result instanceof byte[] bytes ? ModelRow.of(bytes).numbers() : (double[]) result;
    }

    private Page page(int point) {
        return Objects.requireNonNull(pages[layout.page(point)], "the point has outputs");
    }
}
