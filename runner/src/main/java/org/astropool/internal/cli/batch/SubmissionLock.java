package org.astropool.internal.cli.batch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.astropool.internal.job.JobException;
import org.jspecify.annotations.Nullable;

/**
 * Prevents two submissions at the same time into one directory, which would both find that no job is there. Its file is
 * removed in the end; a process that is killed leaves the file, but not the lock.
 */
final class SubmissionLock implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private SubmissionLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @throws JobException when another process holds it, or the file cannot be created */
    static SubmissionLock of(Path file) throws JobException {
        while (true) {
            try {
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                Object key = keyOf(file);
                if (!lock(channel)) {
                    channel.close();
                    throw new JobException("another astropool submit is submitting into " + file.getParent()
                            + "; wait for its end, then see: astropool status");
                }
                if (key == null || key.equals(keyOf(file))) {
                    return new SubmissionLock(file, channel);
                }
                channel.close(); // another process has removed the file meanwhile
            } catch (NoSuchFileException e) {
                // likewise
            } catch (IOException e) {
                throw new JobException("nothing was submitted, since " + file + " cannot be written: " + e);
            }
        }
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static boolean lock(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            return true; // a file system without locks
        }
    }

    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            BatchMessages.say(file + " cannot be removed: " + e.getMessage());
        }
    }
}
