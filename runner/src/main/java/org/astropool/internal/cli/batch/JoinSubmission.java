package org.astropool.internal.cli.batch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
import org.astropool.internal.batch.BatchRecord;
import org.astropool.internal.batch.BatchSystem;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.OutputDirectory;

/** Submits a job that lends workers to a run that is running. */
final class JoinSubmission {
    private final BatchSystem system;
    private final OutputDirectory directory;
    private final Optional<BatchRecord> record;

    /** @throws JobException when no run that can be joined is running in the directory */
    JoinSubmission(BatchSystem system, OutputDirectory directory) throws JobException {
        if (!Files.exists(directory.workerAddress())) {
            throw new JobException("no run can be joined in " + directory.path() + ": there is no "
                    + directory.workerAddress()
                    + ". It has to be running, submitted with --pool hazelcast and --nodes 2 or"
                    + " more; without MPI no further options are needed");
        }
        this.system = system;
        this.directory = directory;
        this.record = BatchRecord.readIfPresent(directory.batchRecord());
    }

    /** The name of the run. */
    String name() {
        return record.map(BatchRecord::name).orElse("join");
    }

    /** @throws JobException when the script cannot be written */
    void write(String script) throws JobException {
        try {
            AtomicFile.write(directory.joinScript(), file -> file.write(script.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new JobException(
                    "nothing was submitted, since " + directory.joinScript() + " cannot be written: " + e.getMessage());
        }
    }

    /**
     * Submits the script.
     *
     * @return the identifier of the job
     * @throws JobException when the batch system refuses it
     */
    String submit() throws JobException {
        String id = system.submit(directory.joinScript(), Optional.empty());
        if (record.isPresent()) {
            try {
                BatchRecord.update(directory.batchRecord(), written -> written.withJoined(id));
            } catch (IOException e) {
                BatchMessages.say("the number of the job cannot be recorded: " + e.getMessage());
            }
        }
        return id;
    }
}
