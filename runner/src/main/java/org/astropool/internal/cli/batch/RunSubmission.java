package org.astropool.internal.cli.batch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.astropool.internal.batch.BatchRecord;
import org.astropool.internal.batch.BatchSystem;
import org.astropool.internal.batch.JobState;
import org.astropool.internal.batch.ShellWord;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.OutputDirectory;

/** Submits a job that runs a job file: writes its files into the output directory, then calls the batch system. */
final class RunSubmission implements AutoCloseable {
    private final BatchSystem system;
    private final OutputDirectory directory;
    private final SubmissionLock lock;
    private final Optional<BatchRecord> earlier;

    /**
     * Creates the directory, and keeps other submissions away from it.
     *
     * @throws JobException when a job of the directory is waiting or running, or a run is going on in it
     */
    RunSubmission(BatchSystem system, OutputDirectory directory) throws JobException {
        this.system = system;
        this.directory = directory;
        directory.create();
        this.lock = SubmissionLock.of(directory.submissionLock());
        try {
            this.earlier = BatchRecord.readIfPresent(directory.batchRecord());
            checkThatNothingRuns();
        } catch (JobException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void checkThatNothingRuns() throws JobException {
        if (earlier.isPresent() && BatchSystem.of(earlier.get().system()).isInstalled()) { // else nothing can run here
            Map<String, JobState> states =
                    BatchSystem.of(earlier.get().system()).states(earlier.get().jobs(), directory.batchScript());
            for (Map.Entry<String, JobState> job : states.entrySet()) {
                if (job.getValue().isAlive()) {
                    throw new JobException("job " + job.getKey() + " of " + directory.path() + " is "
                            + job.getValue().word() + "; end it first: astropool cancel " + word());
                }
            }
        }
        if (directory.isRunning()) {
            throw new JobException(
                    "a run is running in " + directory.path() + "; wait for its end, or choose another --out");
        }
    }

    /**
     * Writes the files of the job.
     *
     * @param jobFile the bytes of the job file
     * @throws JobException when they cannot be written
     */
    void write(BatchRecord record, byte[] jobFile, String script) throws JobException {
        try {
            AtomicFile.write(directory.submittedJob(), file -> file.write(jobFile));
            AtomicFile.write(directory.batchScript(), file -> file.write(script.getBytes(StandardCharsets.UTF_8)));
            makeExecutable(directory.batchScript());
            record.write(directory.batchRecord());
        } catch (IOException e) {
            throw new JobException("nothing was submitted, since the script cannot be written into " + directory.path()
                    + ": " + e.getMessage() + "; free disk space or choose another --out");
        }
    }

    /** For those who may read it. */
    private static void makeExecutable(Path script) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(script));
        permissions.add(PosixFilePermission.OWNER_EXECUTE);
        if (permissions.contains(PosixFilePermission.GROUP_READ)) {
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
        }
        if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        Files.setPosixFilePermissions(script, permissions);
    }

    /** The command with which the user submits the script, as it is to be typed. */
    String command() {
        return system.submitCommand()
                + (system.name().equals("lsf") ? " < " : " ")
                + ShellWord.of(directory.batchScript().toString());
    }

    /**
     * Submits the script.
     *
     * @return the identifier of the job
     * @throws JobException when the batch system refuses it; then the record is as it was before
     */
    String submit() throws JobException {
        String id;
        try {
            id = system.submit(directory.batchScript(), Optional.empty());
        } catch (JobException e) {
            restore(directory.batchRecord());
            throw new JobException("nothing was submitted: " + e.getMessage());
        }
        try {
            BatchRecord.update(directory.batchRecord(), written -> written.withJob(id));
        } catch (IOException e) {
            BatchMessages.say("the number of the job cannot be recorded (" + e.getMessage()
                    + "), so that status and cancel know it only when it has started");
        }
        BatchMessages.say("job " + id + " was submitted; follow it with: astropool status " + word());
        return id;
    }

    /** The record must not name a submission that did not take place. */
    private void restore(Path file) {
        try {
            if (earlier.isPresent()) {
                earlier.get().write(file);
            } else {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            BatchMessages.say(file + " cannot be restored: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        lock.close();
    }

    /** The directory as it is to be typed. */
    private String word() {
        return ShellWord.of(directory.path().toString());
    }
}
