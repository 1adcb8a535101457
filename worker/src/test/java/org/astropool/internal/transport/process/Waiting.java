package org.astropool.internal.transport.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Bounded waits; one that fails says where all threads are. */
final class Waiting {
    /** Several JVMs have to start in it, on a machine that may be busy. */
    private static final long LIMIT_SECONDS = 60;

    private Waiting() {}

    static void until(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw failure("after " + LIMIT_SECONDS + " s it is still not so that " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    static <T> T next(BlockingQueue<T> queue, String what) throws InterruptedException {
        T next = queue.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw failure("within " + LIMIT_SECONDS + " s there was no " + what);
        }
        return next;
    }

    /** A process that nobody has waited for yet is gone as well: who does that is not our matter. */
    static boolean isGone(long pid) {
        try {
            String status = Files.readString(Path.of("/proc", String.valueOf(pid), "status"));
            return status.lines().anyMatch(line -> line.startsWith("State:") && line.contains("Z"));
        } catch (IOException e) {
            return true;
        }
    }

    private static AssertionError failure(String message) {
        return new AssertionError(message + "\n"
                + Thread.getAllStackTraces().entrySet().stream()
                        .map(entry -> entry.getKey() + "\n    "
                                + Arrays.stream(entry.getValue())
                                        .map(String::valueOf)
                                        .collect(Collectors.joining("\n    ")))
                        .collect(Collectors.joining("\n")));
    }
}
