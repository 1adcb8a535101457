package org.astropool.internal.json;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines of text from outside, of bounded length. For one thread. */
public final class LineInput {
    private static final int BUFFER_CHARS = 1 << 15;

    private final Reader in;
    private final int longest;
    private final char[] buffer = new char[BUFFER_CHARS];
    private int at;
    private int end;
    private boolean tooLong;

    /** @param longest how many characters a line may have */
    public LineInput(Reader in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /** Decodes UTF-8; invalid bytes become half of a surrogate pair, which {@link StrictJson} refuses. */
    public static CharsetDecoder decoder() {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .replaceWith(String.valueOf(Character.MIN_SURROGATE));
    }

    /**
     * The next line, without its end; only the beginning if it is too long; the rest is skipped.
     *
     * @return null at the end of the input
     */
    public @Nullable String next() throws IOException {
        tooLong = false;
        StringBuilder begun = null;
        while (true) {
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            if (at < end && begun == null) { // most lines
                return line(new String(buffer, from, at++ - from));
            }
            begun = begun == null ? new StringBuilder() : begun;
            int room = longest - begun.length();
            tooLong |= at - from > room;
            begun.append(buffer, from, Math.min(room, at - from));
            if (at < end) {
                at++;
                return line(begun.toString());
            }
            at = 0;
            end = Math.max(0, in.read(buffer));
            if (end == 0) {
                return begun.length() == 0 ? null : line(begun.toString());
            }
        }
    }

    private static String line(String text) {
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Whether the last line was too long. */
    public boolean wasTooLong() {
        return tooLong;
    }
}
