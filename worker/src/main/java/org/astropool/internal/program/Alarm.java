package org.astropool.internal.program;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Interrupts the thread that created it after some time, unless that thread closes it first. */
public final class Alarm implements AutoCloseable {
    private final AtomicBoolean isSet = new AtomicBoolean(true);
    private final Thread waiting = Thread.currentThread();
    private final CompletableFuture<Void> ringing;
    private volatile boolean rung;

    public Alarm(long millis) {
        ringing = CompletableFuture.runAsync(
                this::ring, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
    }

    private void ring() {
        if (isSet.getAndSet(false)) {
            rung = true;
            waiting.interrupt();
        }
    }

    public boolean hasRung() {
        return rung;
    }

    @Override
    public void close() {
        if (!isSet.getAndSet(false)) {
            ringing.join(); // so that its interrupt has come
            Thread.interrupted();
        }
    }
}
