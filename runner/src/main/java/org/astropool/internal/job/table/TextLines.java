package org.astropool.internal.job.table;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import uk.ac.starlink.util.DataSource;

/** The lines of a text file, without the byte order mark that programs on Windows write at the beginning. */
public final class TextLines {
    private static final char MARK = '\uFEFF';

    private TextLines() {}

    /** Reads lines in UTF-8, or in UTF-16 after a byte order mark; anything else is read as Latin-1. */
    static List<String> read(DataSource source) throws IOException {
        try {
            return read(source, encoding(source.getIntro()));
        } catch (CharacterCodingException e) {
            return read(source, StandardCharsets.ISO_8859_1);
        }
    }

    private static Charset encoding(byte[] start) {
        boolean isUtf16 = start.length >= 2
                && ((start[0] == (byte) 0xFE && start[1] == (byte) 0xFF)
                        || (start[0] == (byte) 0xFF && start[1] == (byte) 0xFE));
        return isUtf16 ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    }

    private static List<String> read(DataSource source, Charset encoding) throws IOException {
        List<String> lines = new ArrayList<>();
        try (InputStream in = source.getInputStream();
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, encoding.newDecoder()))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(lines.isEmpty() ? withoutMark(line) : line);
            }
        }
        return lines;
    }

    /** The text without its byte order mark. */
    public static String withoutMark(String text) {
        return !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
    }
}
