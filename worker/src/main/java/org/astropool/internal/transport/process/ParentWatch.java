package org.astropool.internal.transport.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends this process when its parent has ended. Usually the end of the pipe shows that; but another process may have
 * inherited the parent's end of it, when native code in the parent has started one. So the parent is polled, too.
 */
public final class ParentWatch {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long KILL_MILLIS = 500;
    private static final int EXIT_CODE = 1;

    private ParentWatch() {}

    /** Ends this process when a pipe whose other end the parent holds ends. */
    public static void endWith(InputStream pipe) {
        daemon(() -> {
            try {
                pipe.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // its end, too
            } finally {
                endThisProcess();
            }
        });
        ProcessHandle.current().parent().ifPresent(parent -> start(parent.pid()));
    }

    static void start(long pid) {
        Optional<ProcessHandle> parent = ProcessHandle.of(pid);
        // A parent that is dead but not yet waited for still seems alive; its children have another parent by then.
        Optional<ProcessHandle> direct = ProcessHandle.current().parent();
        daemon(() -> watch(parent, direct));
    }

    private static void daemon(Runnable watch) {
        Thread thread = new Thread(watch, "astropool parent watch");
        thread.setDaemon(true);
        thread.start();
    }

    private static void watch(Optional<ProcessHandle> parent, Optional<ProcessHandle> direct) {
        while (parent.filter(ProcessHandle::isAlive).isPresent()
                && ProcessHandle.current().parent().equals(direct)) {
            LockSupport.parkNanos(PERIOD_NANOS);
        }
        endThisProcess();
    }

    /**
     * Ends this process at once, whatever user code does, shutdown hooks included, together with the programs that it
     * has started.
     */
    static void endThisProcess() {
        Thread kill = new Thread(
                () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly), "astropool end");
        kill.setDaemon(true);
        try {
            kill.start();
            kill.join(KILL_MILLIS);
        } catch (InterruptedException e) {
            // this process ends now
        } finally { // also when there is no memory for a thread
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
