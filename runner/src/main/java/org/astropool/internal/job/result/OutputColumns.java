package org.astropool.internal.job.result;

import java.util.List;
import java.util.Objects;
import org.astropool.internal.job.plan.PointPages;
import org.astropool.internal.model.ModelRow;
import org.astropool.task.Output;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of all points in primitive arrays, so that 10^7 points fit into memory. Numbers are packed as in
 * {@link org.astropool.task.OutputRow}: a long as its raw bits, a boolean as 0 or 1.
 */
public final class OutputColumns {
    private final List<Output> outputs;
    private final int[] offsets;
    private final int numberCount;
    private final int stringCount;
    private final PointPages layout;
    private final @Nullable Page[] pages;

    /** @param numbers and strings by column, then by position in the page */
    private record Page(double[][] numbers, String[][] strings) {}

    public OutputColumns(List<Output> outputs, int points) {
        this.outputs = outputs;
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
        this.layout = new PointPages(points, Math.addExact(numbers, strings));
        this.pages = new Page[layout.count()];
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
            page = new Page(new double[numberCount][layout.size()], new String[stringCount][layout.size()]);
            pages[layout.page(point)] = page;
        }
        int place = layout.place(point);
        if (result instanceof byte[] bytes) {
            ModelRow row = ModelRow.of(bytes);
            set(page, place, row.numbers());
            for (int i = 0; i < stringCount; i++) {
                page.strings[i][place] = row.strings()[i];
            }
        } else {
            set(page, place, (double[]) result);
        }
    }

    private void set(Page page, int place, double[] values) {
        for (int i = 0; i < numberCount; i++) {
            page.numbers[i][place] = values[i];
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
        return page(point).numbers[offsets[position]][layout.place(point)];
    }

    public long integer(int position, int point) {
        return Double.doubleToRawLongBits(number(position, point));
    }

    public boolean flag(int position, int point) {
        return number(position, point) != 0;
    }

    public String string(int position, int point) {
        return page(point).strings[offsets[position]][layout.place(point)];
    }

    public double[] vector(int position, int point) {
        Page page = page(point);
        double[] vector = new double[outputs.get(position).length()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = page.numbers[offsets[position] + i][layout.place(point)];
        }
        return vector;
    }

    private Page page(int point) {
        return Objects.requireNonNull(pages[layout.page(point)], "the point has outputs");
    }
}
