import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Writes the precision matrices of the DES supernovae as text, for readers without numpy:
 * {@code java PrecisionTables.java FOLDER}, where FOLDER holds STATONLY.npz and VPEC.npz and gets two tables.
 *
 * <ul>
 *   <li>{@code precision_stat_diag.txt}: N, then the diagonal of STATONLY, a value a line;
 *   <li>{@code precision_stat_vpec_upper_sparse.txt}: N and the number of rows, then {@code i j value} for each value of
 *       VPEC that is not zero; indices from 0, upper triangle with diagonal.
 * </ul>
 *
 * The originals hold 32-bit floats. Each is printed as the shortest decimal number that gives the same double, as numpy
 * and Python print it, so the tables are the same to the byte wherever they are made.
 */
public final class PrecisionTables {
    private PrecisionTables() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        writeDiagonal(PackedMatrix.read(folder.resolve("STATONLY.npz")), folder.resolve("precision_stat_diag.txt"));
        writeSparse(
                PackedMatrix.read(folder.resolve("VPEC.npz")),
                folder.resolve("precision_stat_vpec_upper_sparse.txt"));
    }

    private static void writeDiagonal(PackedMatrix matrix, Path file) throws IOException {
        try (PrintWriter out = new PrintWriter(file.toFile(), StandardCharsets.US_ASCII)) {
            out.print(matrix.size + "\n");
            for (int i = 0; i < matrix.size; i++) {
                out.print(shortest(matrix.at(i, i)) + "\n");
            }
        }
    }

    private static void writeSparse(PackedMatrix matrix, Path file) throws IOException {
        StringBuilder rows = new StringBuilder();
        int count = 0;
        for (int i = 0; i < matrix.size; i++) {
            for (int j = i; j < matrix.size; j++) {
                double value = matrix.at(i, j);
                if (value != 0) {
                    rows.append(i).append(' ').append(j).append(' ').append(shortest(value)).append('\n');
                    count++;
                }
            }
        }
        Files.writeString(file, matrix.size + " " + count + "\n" + rows);
    }

    /** As Python's repr. Double.toString is no alternative: before JDK 19 it is not always the shortest. */
    private static String shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        BigDecimal decimal = exact;
        for (int digits = 1; digits <= 17; digits++) {
            decimal = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (decimal.doubleValue() == value) {
                break;
            }
        }
        decimal = decimal.stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            return (decimal.scale() <= 0 ? decimal.setScale(1) : decimal).toPlainString();
        }
        String mantissa = decimal.scaleByPowerOfTen(-exponent).toPlainString();
        return String.format(Locale.ROOT, "%se%s%02d", mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** A symmetric matrix, its upper triangle packed row by row: the arrays "nsn" and "cov" of an .npz file. */
    private static final class PackedMatrix {
        private final int size;
        private final FloatBuffer upper;

        private PackedMatrix(int size, FloatBuffer upper) {
            this.size = size;
            this.upper = upper;
        }

        static PackedMatrix read(Path npz) throws IOException {
            try (ZipFile zip = new ZipFile(npz.toFile())) {
                int size = (int) array(zip, "nsn.npy", "'<i8'").getLong();
                FloatBuffer upper = array(zip, "cov.npy", "'<f4'").asFloatBuffer();
                if (upper.remaining() != size * (size + 1) / 2) {
                    throw new IOException(npz + ": " + upper.remaining() + " values are no upper triangle of " + size);
                }
                return new PackedMatrix(size, upper);
            }
        }

        double at(int row, int column) {
            return upper.get(row * size - row * (row - 1) / 2 + column - row);
        }

        /** The data of an array in numpy's format, version 1: magic and version, 2 bytes length, header, data. */
        private static ByteBuffer array(ZipFile zip, String name, String type) throws IOException {
            ZipEntry entry = zip.getEntry(name);
            if (entry == null) {
                throw new IOException(zip.getName() + " has no array " + name);
            }
            try (InputStream in = zip.getInputStream(entry)) {
                ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
                int headerLength = Short.toUnsignedInt(bytes.getShort(8));
                String header = new String(bytes.array(), 10, headerLength, StandardCharsets.US_ASCII);
                if (!header.contains(type)) {
                    throw new IOException(zip.getName() + ", " + name + ": expected " + type + ", found " + header);
                }
                return bytes.position(10 + headerLength).slice().order(ByteOrder.LITTLE_ENDIAN);
            }
        }
    }
}
