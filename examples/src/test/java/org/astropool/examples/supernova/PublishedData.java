package org.astropool.examples.supernova;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the published data are. */
public final class PublishedData {
    private static final String HINT =
            "set ASTROPOOL_DATA to the folder of the data sets, or get them with scripts/fetch-data.sh";

    private PublishedData() {}

    /** The folder of the data sets; without it the calling test is skipped, on CI it fails. */
    public static Path folder() {
        String fromEnvironment = System.getenv("ASTROPOOL_DATA");
        Path folder = fromEnvironment == null ? Path.of("data") : Path.of(fromEnvironment);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        return "true".equals(System.getenv("CI")) ? fail("no folder " + folder + ": " + HINT) : abort(HINT);
    }
}
