package org.astropool.internal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.astropool.internal.job.JobException;
import org.astropool.internal.launch.Launch;

/**
 * A folder by which the ranks of a job step find each other where their launcher gives them no MPI: in the working
 * directory, which a cluster shares. The first rank creates and removes it.
 */
final class StepFolder implements AutoCloseable {
    private final Path folder;
    private final boolean isOfFirstRank;

    private StepFolder(Path folder, boolean isOfFirstRank) {
        this.folder = folder;
        this.isOfFirstRank = isOfFirstRank;
    }

    /**
     * The folder of this step.
     *
     * @throws JobException when the launcher gives the step no name, or the folder cannot be created
     */
    static StepFolder of(Launch launch, Map<String, String> environment) throws JobException {
        String job = environment.get("SLURM_JOB_ID");
        String step = environment.get("SLURM_STEP_ID");
        if (job == null || step == null) {
            throw new JobException(
                    "the " + launch.size() + " ranks of " + launch.launcher().description()
                            + " find each other over Hazelcast by files, whose names follow from SLURM_JOB_ID and SLURM_STEP_ID; these"
                            + " are not set. Start the script with mpiexec, or with an srun that supports MPI");
        }
        String start = environment.getOrDefault("SLURM_RESTART_COUNT", "0"); // of a job that was requeued
        StepFolder created = new StepFolder(
                Path.of(".astropool-" + job + "." + step + "-" + start).toAbsolutePath(), launch.rank() == 0);
        if (created.isOfFirstRank) {
            try {
                created.remove();
                Files.createDirectory(
                        created.folder,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (IOException e) {
                throw new JobException(
                        "the ranks find each other by files in the working directory, which must be shared and"
                                + " writable; the folder " + created.folder + " cannot be created: " + e.getMessage());
            }
        }
        return created;
    }

    Path secret() {
        return folder.resolve("worker.secret");
    }

    Path address() {
        return folder.resolve("worker.address");
    }

    private void remove() throws IOException {
        Files.deleteIfExists(secret());
        Files.deleteIfExists(address());
        Files.deleteIfExists(folder);
    }

    @Override
    public void close() throws IOException {
        if (isOfFirstRank) {
            remove();
        }
    }
}
