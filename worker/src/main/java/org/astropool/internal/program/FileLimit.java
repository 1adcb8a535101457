package org.astropool.internal.program;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Keeps files that programs append to from filling the disk: a thread checks their lengths from time to time, and
 * removes the beginning of one that has become too long. A program that floods its standard error writes a hundred
 * megabytes a second.
 */
final class FileLimit {
    private static final int INTERVAL_MILLIS = 200;
    private static final int KEPT_BYTES = 1 << 20;
    private static final int MAX_READS = 50;
    private static final String NOTE = "[astropool has removed ";
    private static final ScheduledThreadPoolExecutor THREAD = thread();

    private FileLimit() {}

    private static ScheduledThreadPoolExecutor thread() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "astropool file limit");
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(1, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    /** Repeats a check until the result is cancelled. */
    static Future<?> watch(Runnable check) {
        return THREAD.scheduleWithFixedDelay(check, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Removes the beginning of a file that is too long; programs must write to it by appending.
     *
     * @param content can be written
     * @param end appends to the file
     * @return by how many bytes the file has become shorter, not counting bytes appended meanwhile; 0 when it was not
     *     too long
     */
    static long cut(RandomAccessFile content, FileOutputStream end, long limit) throws IOException {
        long size = content.length();
        if (size <= limit) {
            return 0;
        }
        byte[] kept = new byte[(int) Math.min(KEPT_BYTES, size)];
        long read;
        int reads = 0;
        do { // bytes appended after the last read are lost, and they may be the last ones that the program writes
            read = content.length();
            content.seek(read - kept.length);
            content.readFully(kept);
        } while (content.length() != read && ++reads < MAX_READS);
        byte[] note = (NOTE + (read - kept.length) + " bytes here: more than " + limit + " were written]\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] beginning = new byte[note.length + kept.length];
        System.arraycopy(note, 0, beginning, 0, note.length);
        System.arraycopy(kept, 0, beginning, note.length, kept.length);
        content.setLength(0);
        end.write(beginning);
        return read - beginning.length;
    }

    /** The same for a file that may not exist. */
    static void cut(Path file, long limit) {
        try {
            if (Files.size(file) > limit) {
                try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw");
                        FileOutputStream end = new FileOutputStream(file.toFile(), true)) {
                    cut(content, end, limit);
                }
            }
        } catch (IOException e) {
            // it is just being removed, or was never created
        }
    }

    /** Whether a file has, or had before it was cut, more bytes than the limit. */
    static boolean isExceeded(Path file, long limit) throws IOException {
        if (Files.size(file) > limit) {
            return true;
        }
        if (Files.size(file) < KEPT_BYTES) {
            return false;
        }
        // Not only at its beginning: the program may have written before the note was.
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(NOTE);
    }
}
