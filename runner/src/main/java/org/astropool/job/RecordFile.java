package org.astropool.job;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the JSON files of a run, which may come from a stranger. Stateless. */
final class RecordFile {
    private static final int MAX_BYTES = 1 << 28;
    /** The parser calls itself for each level. */
    private static final int MAX_DEPTH = 64;
    /** The parser takes the square of the length of a number; no double needs as many digits. */
    private static final int MAX_NUMBER = 1200;

    private RecordFile() {}

    /** The file is no record of a run. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }
    }

    /**
     * Reads an object.
     *
     * @throws MalformedException when the file holds none of reasonable form; says at which offset
     * @throws IOException when there is no such file, or it cannot be read
     */
    static JsonObject read(Path file) throws IOException {
        checkRegular(file);
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new MalformedException(file + " has more than " + MAX_BYTES + " bytes");
        }
        checkForm(file, bytes);
        try {
            return JsonParser.object().from(new String(bytes, StandardCharsets.UTF_8));
        } catch (JsonParserException e) {
            throw new MalformedException(
                    file + " is no JSON object: " + e.getMessage() + " (offset " + e.getCharPosition() + ")");
        } catch (NumberFormatException e) {
            throw new MalformedException(file + " has a number that cannot be read: " + e.getMessage());
        }
    }

    /** Opening a pipe or a device may take for ever. A file that is not there is no concern of this method. */
    static void checkRegular(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(file + " is no regular file");
        }
    }

    private static void checkForm(Path file, byte[] json) throws IOException {
        int depth = 0;
        int digits = 0;
        boolean inString = false;
        for (int i = 0; i < json.length; i++) {
            byte b = json[i];
            if (inString) {
                if (b == '\\') {
                    i++;
                } else {
                    inString = b != '"';
                }
                continue;
            }
            inString = b == '"';
            depth += b == '{' || b == '[' ? 1 : b == '}' || b == ']' ? -1 : 0;
            digits = b >= '0' && b <= '9' ? digits + 1 : 0;
            if (depth > MAX_DEPTH || digits > MAX_NUMBER) {
                throw new MalformedException(file + " is no record of a run: more than "
                        + (depth > MAX_DEPTH ? MAX_DEPTH + " levels" : MAX_NUMBER + " digits") + " at offset " + i);
            }
        }
    }
}
