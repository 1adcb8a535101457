package org.astropool.internal.transport.faults;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.astropool.internal.system.NativeEnvironment;

/** Real signals, sent by a shell: Java sends none to its own process. */
enum ThisProcess implements ProcessSignals {
    SIGNALS;

    @Override
    public void kill() {
        try {
            shell("kill -KILL " + ProcessHandle.current().pid());
        } catch (IOException e) {
            Runtime.getRuntime().halt(128 + 9); // no shell: the closest alternative
        }
        while (true) {
            LockSupport.parkNanos(
                    Duration.ofSeconds(1).toNanos()); // nothing more from this thread until it takes effect
        }
    }

    @Override
    public void stop(Duration time) {
        long pid = ProcessHandle.current().pid();
        String seconds = BigDecimal.valueOf(time.toNanos(), 9).toPlainString();
        try {
            shell("kill -STOP " + pid + "; sleep " + seconds + "; kill -CONT " + pid);
        } catch (IOException e) {
            throw new UncheckedIOException("no shell to stop this process with", e);
        }
    }

    /** Its output is discarded, so that no reader waits for the end of a pipe that it has inherited. */
    private static void shell(String commands) throws IOException {
        NativeEnvironment.start(new ProcessBuilder("/bin/sh", "-c", commands)
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD));
    }
}
