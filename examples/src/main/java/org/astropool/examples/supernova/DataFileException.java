package org.astropool.examples.supernova;

import java.io.IOException;
import java.nio.file.Path;

/** A data file does not hold what was expected. The message says where, what stands there, and what was expected. */
public final class DataFileException extends IOException {
    private static final long serialVersionUID = 1;

    public DataFileException(Path file, String message) {
        super(file + ": " + message);
    }

    /** @param line from 1 */
    public DataFileException(Path file, int line, String message) {
        super(file + ", line " + line + ": " + message);
    }
}
