package org.astropool.internal.cli.batch;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The launcher script of the distribution that this process was started from. Stateless. */
final class InstalledLauncher {
    private static final String NAME = "astropool";

    private InstalledLauncher() {}

    /** Its path; only its name when these classes are not those of a distribution. */
    static String path() {
        try {
            Path jar = Path.of(InstalledLauncher.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path script = jar.resolveSibling("..").resolve("bin").resolve(NAME).normalize();
            return Files.isExecutable(script) ? script.toString() : NAME;
        } catch (URISyntaxException | RuntimeException e) {
            return NAME;
        }
    }
}
