package org.astropool.internal.cli.display;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Says what is being waited for, when that takes long: after 2 s, and again after twice the time. */
public final class WaitingNotice implements AutoCloseable {
    private static final long FIRST_SECONDS = 2;

    private final Consumer<String> out;
    private final String what;
    private boolean over;

    /**
     * @param out takes the messages, on another thread
     * @param what is being waited for
     */
    public WaitingNotice(Consumer<String> out, String what) {
        this.out = out;
        this.what = what;
        sayAfter(FIRST_SECONDS, FIRST_SECONDS);
    }

    private void sayAfter(long delay, long seconds) {
        Executor later = CompletableFuture.delayedExecutor(delay, TimeUnit.SECONDS);
        later.execute(() -> say(seconds));
    }

    private synchronized void say(long seconds) {
        if (!over) {
            out.accept("waiting for " + what + ": " + seconds + " s so far");
            sayAfter(seconds, 2 * seconds);
        }
    }

    /** It has come. Nothing is said any more. */
    @Override
    public synchronized void close() {
        over = true;
    }
}
