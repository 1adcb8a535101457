package org.astropool.examples.supernova;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.astropool.examples.supernova.Lines.Line;

/** Text files of numbers that make a vector or a matrix. */
public final class MatrixFile {

    private MatrixFile() {}

    /** N numbers above 0, with or without N before them. */
    static double[] diagonal(Path file, int size) throws IOException {
        double[] diagonal = withoutCount(file, size, size);
        for (int i = 0; i < size; i++) {
            if (diagonal[i] <= 0) {
                throw new DataFileException(
                        file,
                        "element " + (i + 1) + " of the diagonal is " + diagonal[i] + ", expected a number above 0");
            }
        }
        return diagonal;
    }

    /** N * N numbers row by row, with or without N before them; made symmetric. */
    public static double[] symmetric(Path file, int size) throws IOException {
        double[] matrix = withoutCount(file, size, size * size);
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                double mean = (matrix[i * size + j] + matrix[j * size + i]) / 2;
                matrix[i * size + j] = mean;
                matrix[j * size + i] = mean;
            }
        }
        return matrix;
    }

    private static double[] withoutCount(Path file, int size, int expected) throws IOException {
        double[] numbers = numbers(file);
        if (numbers.length == expected) {
            return numbers;
        }
        if (numbers.length == expected + 1 && numbers[0] == size) {
            return Arrays.copyOfRange(numbers, 1, numbers.length);
        }
        throw new DataFileException(
                file,
                numbers.length + " numbers, expected " + expected + " for " + size + " supernovae (or " + size
                        + " and then these)");
    }

    private static double[] numbers(Path file) throws IOException {
        List<Line> lines = Lines.read(file);
        double[] numbers =
                new double[lines.stream().mapToInt(line -> line.words().size()).sum()];
        int count = 0;
        for (Line line : lines) {
            for (String word : line.words()) {
                numbers[count++] = Lines.number(file, line, "a value", word);
            }
        }
        return numbers;
    }

    /** {@code N count}, then count lines {@code row column value}: upper triangle with diagonal, indices from 0. */
    static PrecisionMatrix sparse(Path file, int size) throws IOException {
        List<Line> lines = Lines.read(file);
        checkHeader(file, lines, size);
        int count = lines.size() - 1;
        int[] rows = new int[count];
        int[] columns = new int[count];
        double[] values = new double[count];
        for (int k = 0; k < count; k++) {
            Line line = lines.get(k + 1);
            checkWords(file, line, 3, "row column value");
            rows[k] = index(file, line, "row", 0, 0, size);
            columns[k] = index(file, line, "column", 1, rows[k], size);
            values[k] = Lines.number(file, line, "value", line.words().get(2));
        }
        return new PrecisionMatrix(size, rows, columns, values);
    }

    private static void checkHeader(Path file, List<Line> lines, int size) throws DataFileException {
        if (lines.isEmpty()) {
            throw new DataFileException(file, "empty, expected a first line \"N count\"");
        }
        Line header = lines.get(0);
        checkWords(file, header, 2, "N count");
        double rows = Lines.number(file, header, "N", header.words().get(0));
        double count = Lines.number(file, header, "count", header.words().get(1));
        if (rows != size) {
            throw new DataFileException(
                    file,
                    header.number(),
                    "N is " + header.words().get(0) + ", expected " + size + ", the number of supernovae");
        }
        if (count != lines.size() - 1) {
            throw new DataFileException(
                    file,
                    (lines.size() - 1) + " elements, expected the "
                            + header.words().get(1) + " that the first line announces");
        }
    }

    private static void checkWords(Path file, Line line, int count, String expected) throws DataFileException {
        if (line.words().size() != count) {
            throw new DataFileException(
                    file, line.number(), line.words().size() + " values, expected \"" + expected + "\"");
        }
    }

    private static int index(Path file, Line line, String what, int position, int from, int below)
            throws DataFileException {
        double value = Lines.number(file, line, what, line.words().get(position));
        int index = (int) value;
        if (index != value || index < from || index >= below) {
            throw new DataFileException(
                    file,
                    line.number(),
                    what + " is " + line.words().get(position) + ", expected a whole number from " + from + " to "
                            + (below - 1));
        }
        return index;
    }
}
