package org.astropool.internal.job.table;

import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.ColumnInfo;
import uk.ac.starlink.table.DescribedValue;
import uk.ac.starlink.table.RowSequence;
import uk.ac.starlink.table.StarTable;
import uk.ac.starlink.table.StreamStarTableWriter;

/**
 * Writes the archives of numpy.savez: a ZIP file with a file in the format NPY 1.0 for each column (numpy.lib.format),
 * for each list of strings in the metadata, and for all metadata as JSON text. The rows are read once for each column,
 * and not held in memory.
 */
final class NpzWriter extends StreamStarTableWriter {
    private static final LocalDateTime NO_DATE = LocalDateTime.of(1980, 1, 1, 0, 0);
    private static final int BUFFER = 1 << 16;
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

    @Override
    public String getFormatName() {
        return "NPZ";
    }

    @Override
    public String getMimeType() {
        return "application/octet-stream";
    }

    @Override
    public boolean looksLikeFile(String location) {
        return location.endsWith(".npz");
    }

    @Override
    public void writeStarTable(StarTable table, OutputStream stream) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(stream);
        zip.setLevel(Deflater.NO_COMPRESSION); // simulated numbers hardly become smaller
        Set<String> names = new HashSet<>();
        for (int i = 0; i < table.getColumnCount(); i++) {
            String name = table.getColumnInfo(i).getName();
            names.add(name);
            begin(zip, name);
            writeColumn(table, i, new Numbers(zip));
            zip.closeEntry();
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (DescribedValue entry : table.getParameters()) {
            metadata.put(entry.getInfo().getName(), plain(entry.getValue()));
            if (entry.getValue() instanceof String[] texts
                    && names.add(entry.getInfo().getName())) {
                begin(zip, entry.getInfo().getName());
                writeTexts(texts, "(" + texts.length + ",)", new Numbers(zip));
                zip.closeEntry();
            }
        }
        String name = "metadata";
        while (!names.add(name)) {
            name += "_";
        }
        begin(zip, name);
        writeTexts(new String[] {JsonWriter.string(metadata)}, "()", new Numbers(zip));
        zip.closeEntry();
        zip.finish();
    }

    private static Object plain(Object value) {
        if (value instanceof int[] numbers) {
            return Arrays.stream(numbers).boxed().toList();
        }
        return value instanceof String[] texts ? Arrays.asList(texts) : value;
    }

    private static void begin(ZipOutputStream zip, String name) throws IOException {
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setTimeLocal(NO_DATE); // so that the same values give the same bytes
        zip.putNextEntry(entry);
    }

    private static void writeColumn(StarTable table, int column, Numbers out) throws IOException {
        ColumnInfo info = table.getColumnInfo(column);
        Class<?> type = info.getContentClass();
        long rows = table.getRowCount();
        int length = type == double[].class ? info.getShape()[0] : 1;
        int width = type == String.class ? longestText(table, column) : 0;
        out.header(dtype(type, width), type == double[].class ? "(" + rows + ", " + length + ")" : "(" + rows + ",)");
        double[] absent = new double[length];
        Arrays.fill(absent, Double.NaN);
        try (RowSequence sequence = table.getRowSequence()) {
            while (sequence.next()) {
                Object value = sequence.getCell(column);
                if (type == double[].class) {
                    out.numbers(value == null ? absent : (double[]) value);
                } else if (type == String.class) {
                    out.text(value == null ? "" : (String) value, width);
                } else {
                    out.scalar(type, value);
                }
            }
        }
        out.flush();
    }

    private static String dtype(Class<?> type, int width) {
        if (type == Double.class || type == double[].class) {
            return "<f8";
        }
        if (type == Long.class) {
            return "<i8";
        }
        if (type == Integer.class) {
            return "<i4";
        }
        if (type == Boolean.class) {
            return "|b1";
        }
        if (type == String.class) {
            return "<U" + width;
        }
        throw new IllegalArgumentException("a column of " + type);
    }

    /** In characters; numpy has no strings of length 0 in files. */
    private static int longestText(StarTable table, int column) throws IOException {
        int longest = 1;
        try (RowSequence sequence = table.getRowSequence()) {
            while (sequence.next()) {
                if (sequence.getCell(column) instanceof String text) {
                    longest = Math.max(longest, characters(text));
                }
            }
        }
        return longest;
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    private static void writeTexts(String[] texts, String shape, Numbers out) throws IOException {
        int width = Math.max(
                1, Arrays.stream(texts).mapToInt(NpzWriter::characters).max().orElse(0));
        out.header("<U" + width, shape);
        for (String text : texts) {
            out.text(text, width);
        }
        out.flush();
    }

    /** One file of the archive. */
    private static final class Numbers {
        private final OutputStream out;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

        Numbers(OutputStream out) {
            this.out = out;
        }

        void header(String dtype, String shape) throws IOException {
            String text = "{'descr': '" + dtype + "', 'fortran_order': False, 'shape': " + shape + ", }";
            int bytes = MAGIC.length + Short.BYTES + text.length() + 1;
            String padding = " ".repeat(Math.floorMod(-bytes, ALIGNMENT)) + "\n";
            buffer.put(MAGIC).putShort((short) (text.length() + padding.length()));
            buffer.put((text + padding).getBytes(StandardCharsets.US_ASCII));
            flush();
        }

        void scalar(Class<?> type, @Nullable Object value) throws IOException {
            makeRoom(Long.BYTES);
            if (type == Double.class) {
                buffer.putDouble(value == null ? Double.NaN : (Double) value);
            } else if (type == Long.class) {
                buffer.putLong(value == null ? 0 : (Long) value);
            } else if (type == Integer.class) {
                buffer.putInt(value == null ? 0 : (Integer) value);
            } else {
                buffer.put((byte) (Boolean.TRUE.equals(value) ? 1 : 0));
            }
        }

        void numbers(double[] values) throws IOException {
            for (double value : values) {
                makeRoom(Double.BYTES);
                buffer.putDouble(value);
            }
        }

        /** UTF-32, padded with zeros. */
        void text(String text, int width) throws IOException {
            int[] characters = text.codePoints().toArray();
            for (int i = 0; i < width; i++) {
                makeRoom(Integer.BYTES);
                buffer.putInt(i < characters.length ? characters[i] : 0);
            }
        }

        private void makeRoom(int bytes) throws IOException {
            if (buffer.remaining() < bytes) {
                flush();
            }
        }

        void flush() throws IOException {
            out.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
    }
}
