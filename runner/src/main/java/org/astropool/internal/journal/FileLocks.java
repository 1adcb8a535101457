package org.astropool.internal.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Locks of the file system, where it supports them. */
final class FileLocks {
    private static final int SECONDS = 5;

    enum Answer {
        TAKEN,
        HELD_BY_ANOTHER,
        /** Lustre without flock, NFS without its lock manager. */
        UNKNOWN
    }

    private FileLocks() {}

    /** Takes it until the channel is closed. Any other channel of this process on the file ends it, too (POSIX). */
    static Answer take(FileChannel channel) throws InterruptedException {
        return take(channel, false);
    }

    private static Answer take(FileChannel channel, boolean shared) throws InterruptedException {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        // On a separate thread, because NFS waits for ever when its lock manager does not answer.
        Thread thread = new Thread(() -> answer.complete(ask(channel, shared)), "astropool-file-lock");
        thread.setDaemon(true);
        thread.start();
        try {
            return answer.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return Answer.UNKNOWN;
        }
    }

    /**
     * False also where that cannot be determined. Uses a shared lock for the test, so that two processes that test at
     * once do not see each other.
     */
    static boolean isHeld(Path file) throws IOException, InterruptedException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return take(channel, true) == Answer.HELD_BY_ANOTHER;
        }
    }

    private static Answer ask(FileChannel channel, boolean shared) {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared) == null ? Answer.HELD_BY_ANOTHER : Answer.TAKEN;
        } catch (OverlappingFileLockException inThisProcess) {
            return Answer.HELD_BY_ANOTHER;
        } catch (IOException | RuntimeException e) {
            return Answer.UNKNOWN;
        }
    }
}
