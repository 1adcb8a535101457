package org.astropool.internal.transport.mpj;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where MPJ Express is installed.
 *
 * @param home the folder with {@code lib} and {@code conf}
 */
record MpjInstallation(@Nullable Path home) {
    static final String HOW_TO_START = "start it with scripts/astropool-mpjrun -np N run JOB";
    static final String HOW_TO_INSTALL =
            "install the package libmpj-java, or set MPJ_HOME to the unpacked archive of mpjexpress.org";

    private static final String HOME = "MPJ_HOME";
    /** Of Debian and Ubuntu. */
    private static final Path PACKAGE = Path.of("/usr/share/mpj");

    private static final String VERSION = "mpjexpress.version=";

    /** What {@code MPJ_HOME} names, or else the package of the distribution. */
    static Optional<MpjInstallation> find(Map<String, String> environment) {
        return Stream.concat(Optional.ofNullable(environment.get(HOME)).map(Path::of).stream(), Stream.of(PACKAGE))
                .filter(home -> Files.isReadable(home.resolve("lib/mpj.jar")))
                .map(MpjInstallation::new)
                .findFirst();
    }

    /** The one that MPJ's own launcher has told this rank. */
    static MpjInstallation ofThisProcess() {
        return new MpjInstallation(
                Optional.ofNullable(System.getenv(HOME)).map(Path::of).orElse(null));
    }

    /** For users, for instance "MPJ Express 0.44". */
    String version() {
        Path folder = home;
        String unknown = "MPJ Express";
        if (folder == null) {
            return unknown;
        }
        try {
            List<String> settings = Files.readAllLines(folder.resolve("conf/mpjexpress.conf"));
            return settings.stream()
                    .filter(line -> line.startsWith(VERSION))
                    .map(line ->
                            unknown + " " + line.substring(VERSION.length()).strip())
                    .findFirst()
                    .orElse(unknown);
        } catch (IOException e) {
            return unknown;
        }
    }
}
