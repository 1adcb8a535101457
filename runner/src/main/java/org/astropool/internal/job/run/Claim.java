package org.astropool.internal.job.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.JobRun.OldResults;
import org.astropool.internal.journal.RunLock;
import org.astropool.internal.journal.RunLockedException;
import org.astropool.internal.program.NewFolders;

/**
 * The output directory of a run, created and locked. A run that starts a program claims it first: the program may take
 * long to start, and meanwhile others should see that the run exists.
 */
final class Claim {
    private final OutputDirectory directory;
    private final NewFolders folders;
    private final RunLock lock;
    private final Set<Path> earlierLogs;

    /**
     * Creates and locks the directory.
     *
     * @param environment environment variables, which may name the job of a batch system
     * @throws JobException when it holds results that are to be kept, or another run uses it
     */
    Claim(OutputDirectory directory, OldResults oldResults, Map<String, String> environment)
            throws JobException, IOException {
        this.directory = directory;
        this.folders = new NewFolders(directory.lock().resolveSibling(".").normalize());
        this.earlierLogs = directory.existingLogs();
        directory.create(oldResults != OldResults.KEEP);
        try {
            lock = RunLock.acquire(directory.lock(), environment);
        } catch (RunLockedException e) {
            throw new JobException(String.valueOf(e.getMessage()));
        }
    }

    RunLock lock() {
        return lock;
    }

    /** Gives it up before anything was evaluated: what was created for the run is removed. */
    void withdraw() {
        boolean interrupted = Thread.interrupted(); // by a signal; it would close the lock's file before it is removed
        try {
            directory.removeOwnLogs(earlierLogs);
            lock.close();
            folders.removeEmpty();
        } catch (IOException e) {
            // the files stay, which does no harm
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
