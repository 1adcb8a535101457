package org.astropool.internal.cli.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.transport.Carrier;

/** Ends this process after a signal, even if it waits for a file or for another rank. */
public final class ProcessExit {
    /** The time for cleaning up when nothing is being evaluated. */
    public static final Duration TIDYING = Duration.ofSeconds(5);

    private static final long LAST_ACTION_MILLIS = 500;

    private ProcessExit() {}

    /** Lets signals end the process with their exit codes, until a command handles them itself. */
    public static void onSignals() {
        Signals.handle("TERM", signal -> leave(ExitCode.TERMINATED));
        Signals.handle("HUP", signal -> leave(ExitCode.TERMINATED));
        Signals.handle("INT", signal -> leave(ExitCode.INTERRUPTED));
    }

    private static void leave(ExitCode code) {
        atTheLatest(TIDYING, code, () -> {});
        System.setProperty(Carrier.EXIT_CODE_PROPERTY, String.valueOf(code.code()));
        System.exit(code.code());
    }

    /**
     * Ends this process after some time in any case. Returns immediately.
     *
     * @param lastAction is run before that, unless it takes too long
     */
    public static void atTheLatest(Duration time, ExitCode code, Runnable lastAction) {
        start("astropool-leaving", () -> {
            try {
                TimeUnit.NANOSECONDS.sleep(time.toNanos());
                start("astropool-last-action", lastAction).join(LAST_ACTION_MILLIS);
            } catch (InterruptedException e) {
                // ends immediately
            }
            Runtime.getRuntime().halt(code.code());
        });
    }

    private static Thread start(String name, Runnable action) {
        Thread thread = new Thread(action, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
