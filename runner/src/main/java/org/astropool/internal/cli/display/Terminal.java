package org.astropool.internal.cli.display;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.system.NativeEnvironment;

/** The terminal that standard error is connected to. */
final class Terminal {
    /** The number of columns of a terminal that does not report its size. */
    private static final int DEFAULT_COLUMNS = 80;

    private static final int PATIENCE_SECONDS = 2;

    private Terminal() {}

    /** The current number of columns; 0 when standard error is not a terminal. Starts a process. */
    static int columns() {
        try {
            Process stty =
                    NativeEnvironment.start(new ProcessBuilder("/bin/sh", "-c", "exec <&2 2>/dev/null; exec stty size")
                            .redirectError(Redirect.INHERIT));
            if (!stty.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return 0;
            }
            String[] size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ");
            if (stty.exitValue() != 0 || size.length != 2) {
                return 0;
            }
            int columns = Integer.parseInt(size[1]);
            return columns > 0 ? columns : DEFAULT_COLUMNS;
        } catch (IOException | NumberFormatException e) {
            return 0; // the system has no shell or no stty
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** Whether the terminal shows text only. */
    static boolean isDumb() {
        return "dumb".equals(System.getenv("TERM"));
    }
}
