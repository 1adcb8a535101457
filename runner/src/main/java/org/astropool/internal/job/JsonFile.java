package org.astropool.internal.job;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.astropool.internal.json.StrictJson;
import org.jspecify.annotations.Nullable;

/** Reads the JSON files of a run, which may come from an untrusted source. Stateless. */
public final class JsonFile {
    private static final int MAX_BYTES = 1 << 28;

    private JsonFile() {}

    /** The file is no record of a run. */
    public static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }
    }

    /**
     * Reads an object.
     *
     * @throws MalformedException when the file is not a JSON object; the message gives the offset
     * @throws IOException when there is no such file, or it cannot be read
     */
    public static JsonObject read(Path file) throws IOException {
        checkRegular(file);
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new MalformedException(file + " has more than " + MAX_BYTES + " bytes");
        }
        try {
            return StrictJson.object(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new MalformedException(file + " is no record of a run: " + e.getMessage());
        }
    }

    /** Refuses pipes and devices, since opening one may block forever. Ignores a file that does not exist. */
    public static void checkRegular(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(file + " is no regular file");
        }
    }

    /** The number, or null if JSON cannot represent it. */
    public static @Nullable Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
