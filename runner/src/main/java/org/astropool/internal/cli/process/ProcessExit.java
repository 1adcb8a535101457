package org.astropool.internal.cli.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.transport.Carrier;

/**
 * The end of this process by a signal, also where a file that cannot be read or a rank that does not come would delay
 * it.
 */
public final class ProcessExit {
    /** For what has to be tidied up where nothing is being evaluated. */
    public static final Duration TIDYING = Duration.ofSeconds(5);

    private static final long LAST_ACTION_MILLIS = 500;

    private ProcessExit() {}

    /** Until a command handles signals itself: they end the process, with the code that the contract gives. */
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
     * Ends this process in any case, after a time. Does not wait.
     *
     * @param lastAction done before that, unless it takes long
     */
    public static void atTheLatest(Duration time, ExitCode code, Runnable lastAction) {
        start("astropool-leaving", () -> {
            try {
                TimeUnit.NANOSECONDS.sleep(time.toNanos());
                start("astropool-last-action", lastAction).join(LAST_ACTION_MILLIS);
            } catch (InterruptedException e) {
                // then at once
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
